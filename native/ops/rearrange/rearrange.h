// rearrange: every value of y is one of x, or `fill`. Transposing, slicing, padding by a constant, reversing, repeating and
// broadcasting are this with different numbers, and so are their gradients where these sum nothing.
// Along axis a of y, place i reads x where first <= i < first + span and (i - first) mod every == 0. It is then (i - first) / every
// steps of `stride` values away from `offset`; strides may be 0 or negative. y is `fill` where some axis does not read.
// Order: no sum. Atomic: the same function, nothing is ever joined.
#pragma once

#include <cstddef>

#include "core/kernel.h"
#include "core/order.h"

namespace samebits {

// Settings; those of axes that y does not have are not looked at.
struct Rearrange {
  float fill;
  int64_t offset;
  int64_t first[kMaxRank], span[kMaxRank], every[kMaxRank], stride[kMaxRank];
};

namespace rearrange {

inline constexpr TensorSlot kForward[] = {input("x"), output("y")};

constexpr size_t place(size_t list, int axis) noexcept { return list + static_cast<size_t>(axis) * sizeof(int64_t); }

inline constexpr Field kFields[] = {
    {"fill", FieldType::kFloat, offsetof(Rearrange, fill)},
    {"offset", FieldType::kInt, offsetof(Rearrange, offset)},
    {"first0", FieldType::kInt, place(offsetof(Rearrange, first), 0)},
    {"first1", FieldType::kInt, place(offsetof(Rearrange, first), 1)},
    {"first2", FieldType::kInt, place(offsetof(Rearrange, first), 2)},
    {"first3", FieldType::kInt, place(offsetof(Rearrange, first), 3)},
    {"first4", FieldType::kInt, place(offsetof(Rearrange, first), 4)},
    {"first5", FieldType::kInt, place(offsetof(Rearrange, first), 5)},
    {"first6", FieldType::kInt, place(offsetof(Rearrange, first), 6)},
    {"first7", FieldType::kInt, place(offsetof(Rearrange, first), 7)},
    {"span0", FieldType::kInt, place(offsetof(Rearrange, span), 0)},
    {"span1", FieldType::kInt, place(offsetof(Rearrange, span), 1)},
    {"span2", FieldType::kInt, place(offsetof(Rearrange, span), 2)},
    {"span3", FieldType::kInt, place(offsetof(Rearrange, span), 3)},
    {"span4", FieldType::kInt, place(offsetof(Rearrange, span), 4)},
    {"span5", FieldType::kInt, place(offsetof(Rearrange, span), 5)},
    {"span6", FieldType::kInt, place(offsetof(Rearrange, span), 6)},
    {"span7", FieldType::kInt, place(offsetof(Rearrange, span), 7)},
    {"every0", FieldType::kInt, place(offsetof(Rearrange, every), 0)},
    {"every1", FieldType::kInt, place(offsetof(Rearrange, every), 1)},
    {"every2", FieldType::kInt, place(offsetof(Rearrange, every), 2)},
    {"every3", FieldType::kInt, place(offsetof(Rearrange, every), 3)},
    {"every4", FieldType::kInt, place(offsetof(Rearrange, every), 4)},
    {"every5", FieldType::kInt, place(offsetof(Rearrange, every), 5)},
    {"every6", FieldType::kInt, place(offsetof(Rearrange, every), 6)},
    {"every7", FieldType::kInt, place(offsetof(Rearrange, every), 7)},
    {"stride0", FieldType::kInt, place(offsetof(Rearrange, stride), 0)},
    {"stride1", FieldType::kInt, place(offsetof(Rearrange, stride), 1)},
    {"stride2", FieldType::kInt, place(offsetof(Rearrange, stride), 2)},
    {"stride3", FieldType::kInt, place(offsetof(Rearrange, stride), 3)},
    {"stride4", FieldType::kInt, place(offsetof(Rearrange, stride), 4)},
    {"stride5", FieldType::kInt, place(offsetof(Rearrange, stride), 5)},
    {"stride6", FieldType::kInt, place(offsetof(Rearrange, stride), 6)},
    {"stride7", FieldType::kInt, place(offsetof(Rearrange, stride), 7)},
};

// Refuses what would read outside of x: the lowest and the highest place that the axes reach together.
inline Status check(const Call& call) noexcept {
  const Rearrange& s = call.as<Rearrange>();
  const View &x = call.tensors[0], &y = call.tensors[1];
  bool reads = true;
  for (int a = 0; a < y.rank; ++a) {
    const int64_t size = y.shape[a];
    if (s.first[a] < 0 || s.span[a] < 0 || s.every[a] < 1 || s.first[a] > size || s.span[a] > size - s.first[a])
      return refuse(StatusCode::kArgument, "rearrange: expected places inside axis %d of %lld, got %lld from %lld on, one in %lld",
                    a, static_cast<long long>(size), static_cast<long long>(s.span[a]), static_cast<long long>(s.first[a]),
                    static_cast<long long>(s.every[a]));
    reads = reads && s.span[a] > 0;
  }
  if (!reads) return {};
  const int64_t values = x.size();
  int64_t low = s.offset, high = s.offset;
  bool inside = low >= 0 && low < values;
  for (int a = 0; inside && a < y.rank; ++a) {
    const int64_t steps = (s.span[a] - 1) / s.every[a];
    inside = steps == 0 || (s.stride[a] <= values / steps && s.stride[a] >= -(values / steps));
    if (inside && steps > 0) (s.stride[a] < 0 ? low : high) += steps * s.stride[a];
  }
  if (inside && low >= 0 && high < values) return {};
  return refuse(StatusCode::kArgument, "rearrange: expected to read inside %lld values, got places outside",
                static_cast<long long>(values));
}

inline constexpr Contract kForwardContract = contract("rearrange.forward", kForward, fields(kFields), check);

// One axis of y, or several that lie together in x as they do in y.
struct Axis {
  int64_t size = 1, first = 0, span = 1, every = 1, stride = 0;

  SAMEBITS_DEVICE constexpr bool whole() const noexcept { return first == 0 && span == size && every == 1; }
  SAMEBITS_DEVICE constexpr bool reads(int64_t i) const noexcept {
    return i >= first && i < first + span && (every == 1 || (i - first) % every == 0);
  }
  SAMEBITS_DEVICE constexpr int64_t step(int64_t i) const noexcept {
    return (every == 1 ? i - first : (i - first) / every) * stride;
  }
};

// The axes of y, as few as say the same; at least one. The last one is the fastest.
struct Axes {
  Axis list[kMaxRank];
  int count = 1;

  const Axis& inner() const noexcept { return list[count - 1]; }
};

inline Axes axes_of(const Call& call) noexcept {
  const Rearrange& s = call.as<Rearrange>();
  Axes axes;
  bool first = true;
  for (int a = 0; a < call.tensors[1].rank; ++a) {
    const Axis axis = {call.tensors[1].shape[a], s.first[a], s.span[a], s.every[a], s.stride[a]};
    if (axis.size == 1 && axis.whole()) continue;
    Axis& before = axes.list[axes.count - 1];
    if (!first && before.whole() && axis.whole() && before.stride == axis.stride * axis.size) {
      before = {before.size * axis.size, 0, before.size * axis.size, 1, axis.stride};
    } else if (first) {
      before = axis;
    } else {
      axes.list[axes.count++] = axis;
    }
    first = false;
  }
  return axes;
}

}  // namespace rearrange
}  // namespace samebits
