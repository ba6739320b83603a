// rescaling: y = x * scale + offset, two roundings. Any shape. Gradient: dx = dy * scale.
// fromBytes does the same on uint8 values converted to float, exactly; scale 1 and offset 0 are the conversion alone.
// Order: elementwise, no sum. Atomic: the same function, nothing is ever joined.
#pragma once

#include <cstddef>

#include "core/kernel.h"

namespace samebits {

struct Rescaling {
  float scale, offset;
};

namespace rescaling {

inline constexpr TensorSlot kForward[] = {by_sample(input("x")), by_sample(output("y"))};
inline constexpr TensorSlot kFromBytes[] = {input("x", Dtype::kUint8), output("y")};
inline constexpr TensorSlot kInputGradient[] = {input("dy"), output("dx")};

inline constexpr Field kFields[] = {{"scale", FieldType::kFloat, offsetof(Rescaling, scale)},
                                    {"offset", FieldType::kFloat, offsetof(Rescaling, offset)}};

inline Status check(const Call& call) noexcept {
  if (call.tensors[0].size() == call.tensors[1].size()) return {};
  return refuse(StatusCode::kShape, "rescaling: expected %lld values, got %lld",
                static_cast<long long>(call.tensors[0].size()), static_cast<long long>(call.tensors[1].size()));
}

inline constexpr Contract kForwardContract = contract("rescaling.forward", kForward, fields(kFields), check);
inline constexpr Contract kFromBytesContract = contract("rescaling.fromBytes", kFromBytes, fields(kFields), check);
inline constexpr Contract kInputGradientContract = contract("rescaling.inputGradient", kInputGradient, fields(kFields), check);

}  // namespace rescaling
}  // namespace samebits
