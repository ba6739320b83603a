// gather: places of x along an axis, in the order of a list. x [rows, length, width], index [count] of places below length, y
// [rows, count, width]. `order` is the numbers 0 to count - 1 by the place they name, equal ones ascending, and order[starts[p]] to
// order[starts[p + 1] - 1] are those of place p: so every value of dx has one owner.
//
// forward: y[r, i] = x[r, index[i]].
// inputGradient: dx[r, p] is one chain of acc + dy[r, i] from +0, over the i with index[i] = p ascending; +0 where there is none.
// Atomic: every row of dy is added to its place of dx as it arrives.
//
// The operation checks the places on the host. Here they are only kept inside, so that a wrong one reads no other memory.
#pragma once

#include <cstddef>

#include "core/device.h"
#include "core/kernel.h"

namespace samebits {

struct Gather {
  int64_t rows;   // the product of the axes before
  int64_t width;  // and of those behind
};

namespace gather {

inline constexpr TensorSlot kForward[] = {input("x"), input("index", Dtype::kInt32), output("y")};
inline constexpr TensorSlot kInputGradient[] = {input("dy"), input("index", Dtype::kInt32), input("order", Dtype::kInt32),
                                                input("starts", Dtype::kInt32), output("dx")};
inline constexpr Field kFields[] = {{"rows", FieldType::kInt, offsetof(Gather, rows)},
                                    {"width", FieldType::kInt, offsetof(Gather, width)}};

struct Sizes {
  int64_t rows, width, length, count;
};
// Of x (or dx), which holds values.
inline Sizes sizes_of(const Call& call, const View& x, const View& index) noexcept {
  const auto& s = call.as<Gather>();
  return {s.rows, s.width, x.size() / s.rows / s.width, index.size()};
}

// A place of `length`, or the nearest.
SAMEBITS_DEVICE inline int64_t inside(int64_t place, int64_t length) noexcept {
  return place < 0 ? 0 : place < length ? place : length - 1;
}

inline Status check_sizes(const Call& call, const View& x, const View& index, const View& y) noexcept {
  const auto& s = call.as<Gather>();
  const auto ll = [](int64_t value) { return static_cast<long long>(value); };
  if (x.size() == 0 && y.size() == 0) return {};
  if (s.rows < 1 || s.width < 1 || x.size() == 0 || x.size() % s.rows != 0 || x.size() / s.rows % s.width != 0)
    return refuse(StatusCode::kShape, "gather: expected x in %lld rows of places of %lld values, got %lld values", ll(s.rows),
                  ll(s.width), ll(x.size()));
  if (y.size() % (s.rows * s.width) == 0 && y.size() / (s.rows * s.width) == index.size()) return {};
  return refuse(StatusCode::kShape, "gather: expected %lld rows of %lld places of %lld values, got %lld values", ll(s.rows),
                ll(index.size()), ll(s.width), ll(y.size()));
}

inline Status check_forward(const Call& call) noexcept {
  return check_sizes(call, call.tensors[0], call.tensors[1], call.tensors[2]);
}

inline Status check_input_gradient(const Call& call) noexcept {
  const View &index = call.tensors[1], &dx = call.tensors[4];
  const Status status = check_sizes(call, dx, index, call.tensors[0]);
  if (!status.ok() || dx.size() == 0) return status;
  const int64_t length = sizes_of(call, dx, index).length;
  if (call.tensors[2].size() == index.size() && call.tensors[3].size() == length + 1) return {};
  return refuse(StatusCode::kShape, "gather: expected order of %lld and starts of %lld places, got %lld and %lld",
                static_cast<long long>(index.size()), static_cast<long long>(length + 1),
                static_cast<long long>(call.tensors[2].size()), static_cast<long long>(call.tensors[3].size()));
}

inline constexpr Contract kForwardContract = contract("gather.forward", kForward, fields(kFields), check_forward);
inline constexpr Contract kInputGradientContract =
    contract("gather.inputGradient", kInputGradient, fields(kFields), check_input_gradient, {Order::kChain});

}  // namespace gather
}  // namespace samebits
