// F32x16 as one 512-bit register.
struct F32x16 {
  __m512 v;
};
struct Mask16 {
  __mmask16 m;
};
inline constexpr int kNativeLanes = 16;
inline constexpr int kRegisters = 32;

static inline __mmask16 head_mask(int n) { return static_cast<__mmask16>((1u << n) - 1u); }
static inline F32x16 zero() { return {_mm512_setzero_ps()}; }
static inline F32x16 set1(float x) { return {_mm512_set1_ps(x)}; }
static inline F32x16 load(const float* p) { return {_mm512_loadu_ps(p)}; }
static inline void store(float* p, F32x16 x) { _mm512_storeu_ps(p, x.v); }
static inline F32x16 load_partial(const float* p, int n) { return {_mm512_maskz_loadu_ps(head_mask(n), p)}; }
static inline void store_partial(float* p, F32x16 x, int n) { _mm512_mask_storeu_ps(p, head_mask(n), x.v); }
// Past the cache; p must be 64-byte aligned. Pool threads fence at the end of a parallel loop.
static inline void stream(float* p, F32x16 x) { _mm512_stream_ps(p, x.v); }
static inline F32x16 load_u8(const uint8_t* p) {
  return {_mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))))};
}
// Whole numbers from 0 to 255, as bytes.
static inline void store_u8(uint8_t* p, F32x16 x) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(x.v)));
}
static inline F32x16 add(F32x16 x, F32x16 y) { return {_mm512_add_ps(x.v, y.v)}; }
static inline F32x16 sub(F32x16 x, F32x16 y) { return {_mm512_sub_ps(x.v, y.v)}; }
static inline F32x16 mul(F32x16 x, F32x16 y) { return {_mm512_mul_ps(x.v, y.v)}; }
static inline F32x16 div(F32x16 x, F32x16 y) { return {_mm512_div_ps(x.v, y.v)}; }
static inline F32x16 sqrt(F32x16 x) { return {_mm512_sqrt_ps(x.v)}; }
static inline F32x16 fma(F32x16 x, F32x16 y, F32x16 z) { return {_mm512_fmadd_ps(x.v, y.v, z.v)}; }
static inline Mask16 less(F32x16 x, F32x16 y) { return {_mm512_cmp_ps_mask(x.v, y.v, _CMP_LT_OQ)}; }
static inline Mask16 equal(F32x16 x, F32x16 y) { return {_mm512_cmp_ps_mask(x.v, y.v, _CMP_EQ_OQ)}; }
static inline Mask16 unordered(F32x16 x) { return {_mm512_cmp_ps_mask(x.v, x.v, _CMP_UNORD_Q)}; }
// True where v takes the place of best, the largest so far: it is larger, or the first NaN.
static inline Mask16 beats(F32x16 v, F32x16 best) {
  return {_mm512_mask_cmp_ps_mask(_mm512_cmp_ps_mask(best.v, best.v, _CMP_ORD_Q), v.v, best.v, _CMP_NLE_UQ)};
}
// True where a byte is `value`.
static inline Mask16 equal_u8(const uint8_t* p, uint8_t value) {
  return {_mm_cmpeq_epi8_mask(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)), _mm_set1_epi8(static_cast<char>(value)))};
}
static inline Mask16 either(Mask16 x, Mask16 y) { return {static_cast<__mmask16>(x.m | y.m)}; }
static inline Mask16 both(Mask16 x, Mask16 y) { return {static_cast<__mmask16>(x.m & y.m)}; }
static inline Mask16 negate(Mask16 x) { return {static_cast<__mmask16>(~x.m)}; }
static inline F32x16 select(Mask16 m, F32x16 yes, F32x16 no) { return {_mm512_mask_blend_ps(m.m, no.v, yes.v)}; }
// maxps returns its second operand for equal zeros and for NaN, so -0 and NaN pass through, as the contract says.
static inline F32x16 relu(F32x16 x) { return {_mm512_max_ps(_mm512_setzero_ps(), x.v)}; }
