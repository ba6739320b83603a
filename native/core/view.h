// A tensor as a kernel sees it: typed memory and a shape, contiguous, last axis fastest.
#pragma once

#include <cstdint>

namespace samebits {

enum class Dtype : int { kFloat32 = 0, kInt32 = 1, kUint8 = 2 };
inline constexpr int64_t kDtypeBytes[] = {4, 4, 1};

inline constexpr int kMaxRank = 8;

struct View {
  void* data = nullptr;  // null: an optional tensor that was not given
  Dtype dtype = Dtype::kFloat32;
  int rank = 0;
  int64_t shape[kMaxRank] = {};
  // Of a sample: the values of the tensor it is a part of, 0 for one that passes to the next kernel. Otherwise -1.
  int64_t whole = -1;
  // Where given, what a kernel writes goes here as well: the next kernel reads it here, in the caches. See TensorSlot::copied.
  float* copy = nullptr;

  bool given() const noexcept { return data != nullptr; }
  int64_t size() const noexcept {
    int64_t n = 1;
    for (int axis = 0; axis < rank; ++axis) n *= shape[axis];
    return n;
  }
  int64_t bytes() const noexcept { return size() * kDtypeBytes[static_cast<int>(dtype)]; }
  // The values that go to memory with these: what caches hold follows from it.
  int64_t extent() const noexcept { return whole < 0 ? size() : whole; }
  float* f32() const noexcept { return static_cast<float*>(data); }
  int32_t* i32() const noexcept { return static_cast<int32_t*>(data); }
  uint8_t* u8() const noexcept { return static_cast<uint8_t*>(data); }
};

}  // namespace samebits
