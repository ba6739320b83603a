// F32x16 in plain C++: the exact referee. fma is a single rounding whatever the machine has.
struct F32x16 {
  float v[16];
};
struct Mask16 {
  bool v[16];
};
inline constexpr int kNativeLanes = 1;  // floats in one register: what tiles are sized by
inline constexpr int kRegisters = 16;

#define SAMEBITS_EACH for (int i = 0; i < 16; ++i)
static inline F32x16 zero() { return F32x16{}; }
static inline F32x16 set1(float x) { F32x16 r; SAMEBITS_EACH r.v[i] = x; return r; }
static inline F32x16 load(const float* p) { F32x16 r; SAMEBITS_EACH r.v[i] = p[i]; return r; }
static inline void store(float* p, F32x16 a) { SAMEBITS_EACH p[i] = a.v[i]; }
static inline F32x16 load_partial(const float* p, int n) { F32x16 r{}; for (int i = 0; i < n; ++i) r.v[i] = p[i]; return r; }
static inline void store_partial(float* p, F32x16 a, int n) { for (int i = 0; i < n; ++i) p[i] = a.v[i]; }
static inline void stream(float* p, F32x16 a) { store(p, a); }
static inline F32x16 load_u8(const uint8_t* p) { F32x16 r; SAMEBITS_EACH r.v[i] = static_cast<float>(p[i]); return r; }
// Whole numbers from 0 to 255, as bytes.
static inline void store_u8(uint8_t* p, F32x16 a) { SAMEBITS_EACH p[i] = static_cast<uint8_t>(a.v[i]); }
static inline F32x16 add(F32x16 a, F32x16 b) { SAMEBITS_EACH a.v[i] = a.v[i] + b.v[i]; return a; }
static inline F32x16 sub(F32x16 a, F32x16 b) { SAMEBITS_EACH a.v[i] = a.v[i] - b.v[i]; return a; }
static inline F32x16 mul(F32x16 a, F32x16 b) { SAMEBITS_EACH a.v[i] = a.v[i] * b.v[i]; return a; }
static inline F32x16 div(F32x16 a, F32x16 b) { SAMEBITS_EACH a.v[i] = a.v[i] / b.v[i]; return a; }
static inline F32x16 sqrt(F32x16 a) { SAMEBITS_EACH a.v[i] = __builtin_sqrtf(a.v[i]); return a; }
static inline F32x16 fma(F32x16 a, F32x16 b, F32x16 c) { SAMEBITS_EACH c.v[i] = fma(a.v[i], b.v[i], c.v[i]); return c; }
static inline Mask16 less(F32x16 a, F32x16 b) { Mask16 m; SAMEBITS_EACH m.v[i] = a.v[i] < b.v[i]; return m; }
static inline Mask16 equal(F32x16 a, F32x16 b) { Mask16 m; SAMEBITS_EACH m.v[i] = a.v[i] == b.v[i]; return m; }
static inline Mask16 unordered(F32x16 a) { Mask16 m; SAMEBITS_EACH m.v[i] = a.v[i] != a.v[i]; return m; }
// True where v takes the place of best, the largest so far: it is larger, or the first NaN.
static inline Mask16 beats(F32x16 v, F32x16 best) {
  Mask16 m;
  SAMEBITS_EACH m.v[i] = !(v.v[i] <= best.v[i]) && best.v[i] == best.v[i];
  return m;
}
// True where a byte is `value`.
static inline Mask16 equal_u8(const uint8_t* p, uint8_t value) { Mask16 m; SAMEBITS_EACH m.v[i] = p[i] == value; return m; }
static inline Mask16 either(Mask16 a, Mask16 b) { SAMEBITS_EACH a.v[i] = a.v[i] || b.v[i]; return a; }
static inline Mask16 both(Mask16 a, Mask16 b) { SAMEBITS_EACH a.v[i] = a.v[i] && b.v[i]; return a; }
static inline Mask16 negate(Mask16 a) { SAMEBITS_EACH a.v[i] = !a.v[i]; return a; }
static inline F32x16 select(Mask16 m, F32x16 yes, F32x16 no) { SAMEBITS_EACH no.v[i] = m.v[i] ? yes.v[i] : no.v[i]; return no; }
// By its bits where a value is below 0: of `x < 0 ? 0 : x` clang makes fmax on AArch64, which gives 0 for -0.
static inline F32x16 relu(F32x16 a) {
  SAMEBITS_EACH a.v[i] = __builtin_bit_cast(uint32_t, a.v[i]) - 0x80000001u < 0x7f800000u ? 0.0f : a.v[i];
  return a;
}
#undef SAMEBITS_EACH
