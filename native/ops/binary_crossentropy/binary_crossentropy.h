// binary_crossentropy: the mean over a batch of -(t log p + (1 - t) log(1 - p)); p and t are [n, ...], loss is a scalar.
//   from probabilities: p clipped to [1e-7, 1 - 1e-7], max first; l = -(t * log(p) + (1 - t) * log(1 - p))
//   from logits z:      l = (max(z, 0) - z * t) + log1p(exp(-|z|))
// Order: the values of one sample by rule 4 (16 lanes, chunks of 4096, join tree), divided by their number; the samples
// joined by the join tree, divided by n. Atomic: chunk sums are added as they arrive, then divided by both.
// Gradient (upstream scalar u), elementwise, count = values * n in float:
//   from probabilities: +0 where p was clipped, otherwise u * (((p - t) / (p * (1 - p))) / count)
//   from logits:        u * ((sigmoid(z) - t) / count)
#pragma once

#include "core/numerics.h"
#include "core/kernel.h"
#include "core/order.h"

namespace samebits::binary_crossentropy_contract {

struct Settings {
  int64_t from_logits;
};

inline constexpr Field kFields[] = {{"fromLogits", FieldType::kInt, offsetof(Settings, from_logits)}};

inline constexpr TensorSlot kForward[] = {input("p"), input("t"), output("loss")};
inline constexpr TensorSlot kInputGradient[] = {input("p"), input("t"), input("dloss"), output("dp")};

inline constexpr float kLowest = 1e-7f;
inline constexpr float kHighest = 0.9999999f;

inline Status check(const Call& call) noexcept {
  const View &p = call.tensors[0], &t = call.tensors[1];
  if (p.rank < 1 || p.size() < 1) return refuse(StatusCode::kShape, "binary_crossentropy: expected p [n, ...] with values, got none");
  if (t.size() != p.size())
    return refuse(StatusCode::kShape, "binary_crossentropy: expected t of %lld values, got %lld",
                  static_cast<long long>(p.size()), static_cast<long long>(t.size()));
  if (call.tensors[2].size() != 1)
    return refuse(StatusCode::kShape, "binary_crossentropy: expected a scalar loss, got %lld values",
                  static_cast<long long>(call.tensors[2].size()));
  if (call.tensor_count == 4 && call.tensors[3].size() != p.size())
    return refuse(StatusCode::kShape, "binary_crossentropy: expected dp of %lld values, got %lld",
                  static_cast<long long>(p.size()), static_cast<long long>(call.tensors[3].size()));
  return {};
}

inline constexpr Contract kForwardContract =
    contract("binary_crossentropy.forward", kForward, fields(kFields), check, {Order::kMemoryOfSamples, Part::kSample});
inline constexpr Contract kInputGradientContract =
    contract("binary_crossentropy.inputGradient", kInputGradient, fields(kFields), check);

}  // namespace samebits::binary_crossentropy_contract
