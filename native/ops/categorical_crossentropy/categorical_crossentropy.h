// categorical_crossentropy: the batch's loss of class probabilities p, or of logits z, against targets t; the first axis is
// the samples, the last the classes, any axes between them positions. At each position
//   from probabilities: s = sum of p; q = p / s; c = min(max(q, 1e-7), 1 - 1e-7); l = -(sum of t * log(c))
//   from logits z:      m = max of z; s = sum of exp(z - m); l = sum of t * (log(s) - (z - m)), each step rounded
// loss = (sum over samples of (sum over positions of l) / positions) / n.
// Gradient at each position
//   from probabilities, by the chain rule: g = +0 where q was clipped, otherwise -(t / q); d = sum of g * q with
//     lane = fma(g, q, lane); dp = (((g - d) / s) / (positions * n)) * upstream
//   from logits, as TensorFlow's softmax_cross_entropy_with_logits: dz = ((exp(z - m) / s - t) / (positions * n)) * upstream
// Order: sums over classes and positions by rule 4, samples by rule 3. Atomic: sums over chunks of positions are added as
// they arrive, then divided by positions and by n.
#pragma once

#include "core/kernel.h"
#include "core/numerics.h"

namespace samebits::categorical_crossentropy_contract {

struct Settings {
  int64_t from_logits;
};

inline constexpr Field kFields[] = {{"fromLogits", FieldType::kInt, offsetof(Settings, from_logits)}};

inline constexpr TensorSlot kForward[] = {input("p"), input("t"), output("loss")};
inline constexpr TensorSlot kInputGradient[] = {input("p"), input("t"), input("dloss"), output("dp")};

inline constexpr float kLowest = 1e-7f;
inline constexpr float kHighest = 0.9999999f;

// Both kernels: a scalar loss or upstream gradient at 2, everything else of one size, and something to average.
inline Status check(const Call& call) noexcept {
  const View& p = call.tensors[0];
  const int64_t size = p.size();
  if (p.rank < 2)
    return refuse(StatusCode::kShape, "categorical_crossentropy: expected samples and classes, got %d axes", p.rank);
  if (size == 0) return refuse(StatusCode::kShape, "categorical_crossentropy: expected at least one value, got none");
  for (int i = 1; i < call.tensor_count; ++i)
    if (call.tensors[i].size() != (i == 2 ? 1 : size))
      return refuse(StatusCode::kShape, "categorical_crossentropy: expected %lld values, got %lld",
                    static_cast<long long>(i == 2 ? 1 : size), static_cast<long long>(call.tensors[i].size()));
  return {};
}

inline constexpr Contract kForwardContract =
    contract("categorical_crossentropy.forward", kForward, fields(kFields), check, {Order::kMemoryOfSamples, Part::kSample});
inline constexpr Contract kInputGradientContract =
    contract("categorical_crossentropy.inputGradient", kInputGradient, fields(kFields), check, {Order::kMemory});

}  // namespace samebits::categorical_crossentropy_contract
