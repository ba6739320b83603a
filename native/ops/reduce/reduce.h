// reduce: sum or mean over any axes. x has any shape; y has the axes that are kept, in order.
// Order: the reduced elements of one output in ascending row-major order of the reduced axes, rule 4 (element i of a
// chunk of 4096 in lane i mod 16, plain adds from +0; lanes, then chunks, joined by the join tree); mean divides once by
// the count. Atomic: chunk sums are added to the output as they arrive; mean divides at the end.
// Gradient: every reduced element gets dy, or dy / count. It never splits a sum: one function in both modes.
#pragma once

#include "core/kernel.h"
#include "core/order.h"

namespace samebits::reduce_contract {

struct Settings {
  int64_t axes;  // bit a is set when axis a is reduced
  int64_t mean;
};

inline constexpr Field kFields[] = {{"axes", FieldType::kInt, offsetof(Settings, axes)},
                                    {"mean", FieldType::kInt, offsetof(Settings, mean)}};

inline constexpr TensorSlot kForward[] = {input("x"), output("y")};
inline constexpr TensorSlot kInputGradient[] = {input("dy"), output("dx")};

// The axes of x as alternating runs of kept and reduced ones; runs of length one vanish.
struct Layout {
  int runs = 0;
  int64_t length[kMaxRank] = {};
  bool reduced[kMaxRank] = {};
  int64_t outputs = 1, count = 1;
};

inline Layout layout_of(const View& x, int64_t axes) noexcept {
  Layout layout;
  for (int axis = 0; axis < x.rank; ++axis) {
    const bool reduced = (axes >> axis & 1) != 0;
    (reduced ? layout.count : layout.outputs) *= x.shape[axis];
    if (x.shape[axis] == 1) continue;
    if (layout.runs > 0 && layout.reduced[layout.runs - 1] == reduced) {
      layout.length[layout.runs - 1] *= x.shape[axis];
    } else {
      layout.length[layout.runs] = x.shape[axis];
      layout.reduced[layout.runs++] = reduced;
    }
  }
  return layout;
}

inline Status check_shapes(const Call& call, int whole, int reduced) noexcept {
  const View& x = call.tensors[whole];
  const int64_t axes = call.as<Settings>().axes;
  if (axes < 0 || axes >> x.rank != 0)
    return refuse(StatusCode::kArgument, "reduce: expected axes of x, got the mask %lld", static_cast<long long>(axes));
  const Layout layout = layout_of(x, axes);
  if (call.tensors[reduced].size() != layout.outputs)
    return refuse(StatusCode::kShape, "reduce: expected %lld results, got %lld", static_cast<long long>(layout.outputs),
                  static_cast<long long>(call.tensors[reduced].size()));
  return {};
}

inline Status check_forward(const Call& call) noexcept { return check_shapes(call, 0, 1); }
inline Status check_gradient(const Call& call) noexcept { return check_shapes(call, 1, 0); }

inline constexpr Contract kForwardContract =
    contract("reduce.forward", kForward, fields(kFields), check_forward, {Order::kMemory});
inline constexpr Contract kInputGradientContract =
    contract("reduce.inputGradient", kInputGradient, fields(kFields), check_gradient);

}  // namespace samebits::reduce_contract
