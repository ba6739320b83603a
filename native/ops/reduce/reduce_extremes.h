// The largest and the smallest value over any axes, and where it lies. x, its axes and the order of the reduced elements are those
// of reduce.
// extremes: by the rule of max_pool2d, over the reduced elements ascending: the first is best; a later v replaces it when v > best
// (least: v < best), or when v is NaN and best is not. y is the best, bits and all; index its number among the reduced elements.
// Which of the elements is best does not depend on the order of the comparisons, so backends choose it.
// extremesGradient: the elements with y's value (NaN where y is NaN) are its ties, and share dy. Without dy it marks them: 1, or +0
// elsewhere. With dy and `ties`, their number: dx = dy / ties, or +0 elsewhere.
// Order: no sum; reduce.forward counts the marks. Atomic: the same functions, nothing is ever joined.
#pragma once

#include "ops/reduce/reduce.h"

namespace samebits::reduce_contract {

struct Extremes {
  int64_t axes;
  int64_t least;
};

inline constexpr Field kExtremesFields[] = {{"axes", FieldType::kInt, offsetof(Extremes, axes)},
                                            {"least", FieldType::kInt, offsetof(Extremes, least)}};
inline constexpr Fields kAxesField = {kExtremesFields, 1};

inline constexpr TensorSlot kExtremes[] = {input("x"), optional(output("y")), optional(output("index", Dtype::kInt32))};
inline constexpr TensorSlot kExtremesGradient[] = {input("x"), input("y"), optional(input("dy")), optional(input("ties")),
                                                   output("dx")};

inline Status check_axes(const View& x, int64_t axes) noexcept {
  if (axes >= 0 && axes >> x.rank == 0) return {};
  return refuse(StatusCode::kArgument, "reduce: expected axes of x, got the mask %lld", static_cast<long long>(axes));
}

// Every given tensor from `first` to `last` has a value for each output.
inline Status check_results(const Call& call, const Layout& layout, int first, int last) noexcept {
  for (int i = first; i <= last; ++i)
    if (call.tensors[i].given() && call.tensors[i].size() != layout.outputs)
      return refuse(StatusCode::kShape, "reduce: expected %lld results, got %lld", static_cast<long long>(layout.outputs),
                    static_cast<long long>(call.tensors[i].size()));
  return {};
}

inline Status check_extremes(const Call& call) noexcept {
  const View& x = call.tensors[0];
  const Status status = check_axes(x, call.as<Extremes>().axes);
  if (!status.ok()) return status;
  const Layout layout = layout_of(x, call.as<Extremes>().axes);
  if (layout.count < 1 || layout.count >= int64_t{1} << 31)
    return refuse(StatusCode::kShape, "reduce: expected 1 to 2^31 - 1 values to choose from, got %lld",
                  static_cast<long long>(layout.count));
  return check_results(call, layout, 1, 2);
}

inline Status check_extremes_gradient(const Call& call) noexcept {
  const View& x = call.tensors[0];
  const Status status = check_axes(x, call.as<Extremes>().axes);
  if (!status.ok()) return status;
  if (call.tensors[2].given() != call.tensors[3].given())
    return refuse(StatusCode::kArgument, "reduce: expected dy and ties, or neither, got one of them");
  if (call.tensors[4].size() != x.size())
    return refuse(StatusCode::kShape, "reduce: expected dx of %lld values, got %lld", static_cast<long long>(x.size()),
                  static_cast<long long>(call.tensors[4].size()));
  return check_results(call, layout_of(x, call.as<Extremes>().axes), 1, 3);
}

inline constexpr Contract kExtremesContract = contract("reduce.extremes", kExtremes, fields(kExtremesFields), check_extremes);
inline constexpr Contract kExtremesGradientContract =
    contract("reduce.extremesGradient", kExtremesGradient, kAxesField, check_extremes_gradient);

}  // namespace samebits::reduce_contract
