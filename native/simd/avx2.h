// F32x16 as two 256-bit registers.
struct F32x16 {
  __m256 a, b;
};
struct Mask16 {
  __m256 a, b;
};
inline constexpr int kNativeLanes = 8;
inline constexpr int kRegisters = 16;

static inline F32x16 zero() { return {_mm256_setzero_ps(), _mm256_setzero_ps()}; }
static inline F32x16 set1(float x) { const __m256 r = _mm256_set1_ps(x); return {r, r}; }
static inline F32x16 load(const float* p) { return {_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)}; }
static inline void store(float* p, F32x16 x) { _mm256_storeu_ps(p, x.a); _mm256_storeu_ps(p + 8, x.b); }
static inline __m256i head_mask(int n) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
static inline F32x16 load_partial(const float* p, int n) {
  return {_mm256_maskload_ps(p, head_mask(n)), n > 8 ? _mm256_maskload_ps(p + 8, head_mask(n - 8)) : _mm256_setzero_ps()};
}
static inline void store_partial(float* p, F32x16 x, int n) {
  _mm256_maskstore_ps(p, head_mask(n), x.a);
  if (n > 8) _mm256_maskstore_ps(p + 8, head_mask(n - 8), x.b);
}
// Past the cache; p must be 64-byte aligned. Pool threads fence at the end of a parallel loop.
static inline void stream(float* p, F32x16 x) { _mm256_stream_ps(p, x.a); _mm256_stream_ps(p + 8, x.b); }
static inline F32x16 load_u8(const uint8_t* p) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  return {_mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes)),
          _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_srli_si128(bytes, 8)))};
}
// Whole numbers from 0 to 255, as bytes.
static inline void store_u8(uint8_t* p, F32x16 x) {
  // Packing works inside each half of a register: the permutation puts the four-byte groups back in order.
  const __m256i words = _mm256_packs_epi32(_mm256_cvtps_epi32(x.a), _mm256_cvtps_epi32(x.b));
  const __m256i bytes = _mm256_packus_epi16(words, words);
  const __m256i ordered = _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 4, 1, 5, 0, 4, 1, 5));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_castsi256_si128(ordered));
}
static inline F32x16 add(F32x16 x, F32x16 y) { return {_mm256_add_ps(x.a, y.a), _mm256_add_ps(x.b, y.b)}; }
static inline F32x16 sub(F32x16 x, F32x16 y) { return {_mm256_sub_ps(x.a, y.a), _mm256_sub_ps(x.b, y.b)}; }
static inline F32x16 mul(F32x16 x, F32x16 y) { return {_mm256_mul_ps(x.a, y.a), _mm256_mul_ps(x.b, y.b)}; }
static inline F32x16 div(F32x16 x, F32x16 y) { return {_mm256_div_ps(x.a, y.a), _mm256_div_ps(x.b, y.b)}; }
static inline F32x16 sqrt(F32x16 x) { return {_mm256_sqrt_ps(x.a), _mm256_sqrt_ps(x.b)}; }
static inline F32x16 fma(F32x16 x, F32x16 y, F32x16 z) {
  return {_mm256_fmadd_ps(x.a, y.a, z.a), _mm256_fmadd_ps(x.b, y.b, z.b)};
}
static inline Mask16 less(F32x16 x, F32x16 y) {
  return {_mm256_cmp_ps(x.a, y.a, _CMP_LT_OQ), _mm256_cmp_ps(x.b, y.b, _CMP_LT_OQ)};
}
static inline Mask16 equal(F32x16 x, F32x16 y) {
  return {_mm256_cmp_ps(x.a, y.a, _CMP_EQ_OQ), _mm256_cmp_ps(x.b, y.b, _CMP_EQ_OQ)};
}
static inline Mask16 unordered(F32x16 x) {
  return {_mm256_cmp_ps(x.a, x.a, _CMP_UNORD_Q), _mm256_cmp_ps(x.b, x.b, _CMP_UNORD_Q)};
}
// True where v takes the place of best, the largest so far: it is larger, or the first NaN.
static inline Mask16 beats(F32x16 v, F32x16 best) {
  return {_mm256_and_ps(_mm256_cmp_ps(v.a, best.a, _CMP_NLE_UQ), _mm256_cmp_ps(best.a, best.a, _CMP_ORD_Q)),
          _mm256_and_ps(_mm256_cmp_ps(v.b, best.b, _CMP_NLE_UQ), _mm256_cmp_ps(best.b, best.b, _CMP_ORD_Q))};
}
// True where a byte is `value`.
static inline Mask16 equal_u8(const uint8_t* p, uint8_t value) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  const __m128i same = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(static_cast<char>(value)));
  return {_mm256_castsi256_ps(_mm256_cvtepi8_epi32(same)), _mm256_castsi256_ps(_mm256_cvtepi8_epi32(_mm_srli_si128(same, 8)))};
}
static inline Mask16 either(Mask16 x, Mask16 y) { return {_mm256_or_ps(x.a, y.a), _mm256_or_ps(x.b, y.b)}; }
static inline Mask16 both(Mask16 x, Mask16 y) { return {_mm256_and_ps(x.a, y.a), _mm256_and_ps(x.b, y.b)}; }
static inline Mask16 negate(Mask16 x) {
  const __m256 ones = _mm256_castsi256_ps(_mm256_set1_epi32(-1));
  return {_mm256_xor_ps(x.a, ones), _mm256_xor_ps(x.b, ones)};
}
static inline F32x16 select(Mask16 m, F32x16 yes, F32x16 no) {
  return {_mm256_blendv_ps(no.a, yes.a, m.a), _mm256_blendv_ps(no.b, yes.b, m.b)};
}
// maxps returns its second operand for equal zeros and for NaN, so -0 and NaN pass through, as the contract says.
static inline F32x16 relu(F32x16 x) {
  return {_mm256_max_ps(_mm256_setzero_ps(), x.a), _mm256_max_ps(_mm256_setzero_ps(), x.b)};
}
