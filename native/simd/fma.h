// a * b + c with one rounding for a single value: the instruction where this region has one, else its exact emulation.
// Never a call into the C library, which __builtin_fmaf would be in a region without the instruction.
static inline float fma(float a, float b, float c) {
#if defined(__FMA__) || defined(__aarch64__)
  return __builtin_fmaf(a, b, c);
#else
  return exact_fma(a, b, c);
#endif
}
