// Four values of global memory at once, where four floats lie at a multiple of 16 bytes; one where they do not.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>
#include <initializer_list>

namespace samebits::simt {

template <int N>
__device__ inline void read(const float* from, float (&values)[N]) {
  static_assert(N == 1 || N == 4);
  if constexpr (N == 4) {
    const float4 four = *reinterpret_cast<const float4*>(from);
    values[0] = four.x, values[1] = four.y, values[2] = four.z, values[3] = four.w;
  } else {
    values[0] = *from;
  }
}

template <int N>
__device__ inline void write(float* to, const float (&values)[N]) {
  static_assert(N == 1 || N == 4);
  if constexpr (N == 4)
    *reinterpret_cast<float4*>(to) = float4{values[0], values[1], values[2], values[3]};
  else
    *to = values[0];
}

// The same of bytes, where four of them lie at a multiple of four.
template <int N>
__device__ inline void read(const uint8_t* from, uint8_t (&values)[N]) {
  static_assert(N == 1 || N == 4);
  __builtin_memcpy(values, __builtin_assume_aligned(from, N), N);
}
template <int N>
__device__ inline void write(uint8_t* to, const uint8_t (&values)[N]) {
  static_assert(N == 1 || N == 4);
  __builtin_memcpy(__builtin_assume_aligned(to, N), values, N);
}

// Whether tensors begin where four floats can be read at once; one that was not given does not count.
inline bool begin_at_fours(std::initializer_list<const void*> tensors) noexcept {
  for (const void* tensor : tensors)
    if (reinterpret_cast<uintptr_t>(tensor) % 16 != 0) return false;
  return true;
}
inline bool are_fours(std::initializer_list<int64_t> counts) noexcept {
  for (const int64_t count : counts)
    if (count % 4 != 0) return false;
  return true;
}

}  // namespace samebits::simt
