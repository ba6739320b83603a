// Shared memory of a block, read and written by calls, so that the shim of the tests can watch them: it has this header
// a second time (test/shim/include) and reports what is read before it is written, races, and what lies outside.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

namespace samebits::simt {

extern __shared__ __align__(16) unsigned char block_memory[];  // as many bytes as the launch asks for

// Floats of shared memory from `first` on.
class Shared {
 public:
  __device__ explicit Shared(int first = 0) : cells_(reinterpret_cast<float*>(block_memory) + first) {}

  __device__ float get(int i) const { return cells_[i]; }
  __device__ void put(int i, float value) { cells_[i] = value; }

  // N neighbours from i on, i a multiple of 4 where N is one.
  template <int N>
  __device__ void get_row(int i, float (&out)[N]) const {
    if constexpr (N % 4 == 0) {
#pragma unroll
      for (int k = 0; k < N; k += 4) {
        const float4 four = *reinterpret_cast<const float4*>(cells_ + i + k);
        out[k] = four.x, out[k + 1] = four.y, out[k + 2] = four.z, out[k + 3] = four.w;
      }
    } else {
#pragma unroll
      for (int k = 0; k < N; ++k) out[k] = cells_[i + k];
    }
  }
  template <int N>
  __device__ void put_row(int i, const float (&values)[N]) {
    if constexpr (N % 4 == 0) {
#pragma unroll
      for (int k = 0; k < N; k += 4)
        *reinterpret_cast<float4*>(cells_ + i + k) = float4{values[k], values[k + 1], values[k + 2], values[k + 3]};
    } else {
#pragma unroll
      for (int k = 0; k < N; ++k) cells_[i + k] = values[k];
    }
  }

 private:
  float* cells_;
};

}  // namespace samebits::simt
