// Included before everything else in a guard build. A sanitizer sees an access that the compiler makes, and none that an
// intrinsic hides: masked and streaming ones become plain accesses to the same values here.
#pragma once
#if defined(__x86_64__)
#include <immintrin.h>

#define SAMEBITS_CHECKED(set) __attribute__((target(set), noinline, unused)) static

SAMEBITS_CHECKED("avx2") __m256 samebits_maskload8(const float* from, __m256i mask) {
  alignas(32) int given[8];
  alignas(32) float values[8] = {};
  _mm256_store_si256(reinterpret_cast<__m256i*>(given), mask);
  for (int i = 0; i < 8; ++i)
    if (given[i] < 0) values[i] = from[i];
  return _mm256_load_ps(values);
}
SAMEBITS_CHECKED("avx2") void samebits_maskstore8(float* to, __m256i mask, __m256 x) {
  alignas(32) int given[8];
  alignas(32) float values[8];
  _mm256_store_si256(reinterpret_cast<__m256i*>(given), mask);
  _mm256_store_ps(values, x);
  for (int i = 0; i < 8; ++i)
    if (given[i] < 0) to[i] = values[i];
}
SAMEBITS_CHECKED("avx512f") __m512 samebits_maskload16(__mmask16 mask, const float* from) {
  alignas(64) float values[16] = {};
  for (int i = 0; i < 16; ++i)
    if ((mask >> i & 1) != 0) values[i] = from[i];
  return _mm512_load_ps(values);
}
SAMEBITS_CHECKED("avx512f") void samebits_maskstore16(float* to, __mmask16 mask, __m512 x) {
  alignas(64) float values[16];
  _mm512_store_ps(values, x);
  for (int i = 0; i < 16; ++i)
    if ((mask >> i & 1) != 0) to[i] = values[i];
}

#define _mm256_maskload_ps(from, mask) samebits_maskload8(from, mask)
#define _mm256_maskstore_ps(to, mask, x) samebits_maskstore8(to, mask, x)
#define _mm512_maskz_loadu_ps(mask, from) samebits_maskload16(mask, from)
#define _mm512_mask_storeu_ps(to, mask, x) samebits_maskstore16(to, mask, x)
// The aligned stores of the same width, so that a place that is not aligned is found, too.
#define _mm256_stream_ps(to, x) _mm256_store_ps(to, x)
#define _mm512_stream_ps(to, x) _mm512_store_ps(to, x)
#undef SAMEBITS_CHECKED
#endif
