// batch_norm: normalises x [n, ..., c] per channel c over everything else, as Keras' BatchNormalization.
//
// Statistics (training) of one channel are joined triples (count, mean, m2), m2 = the sum of squared distances from the
// mean. Per sample, chunks of 256 consecutive positions: s = chain of adds, mean = s / count; then d = x - mean and
// m2 = chain fma(d, d, m2). Chunks, then samples, are joined by the join tree with (Chan, Golub, LeVeque 1979):
//   delta = mean_b - mean_a;  mean = fma(delta, n_b / n, mean_a);
//   m2 = fma(delta * delta, (n_a * n_b) / n, m2_a + m2_b);  n = n_a + n_b, counts and quotients in float
// variance = m2 / n. inverse = 1 / sqrt(variance + epsilon).
// forward:  y = fma(x - mean, gamma * inverse, beta); then the activation (core/fused.h), if asked.
// inference takes mean and variance as given instead.
// Moving statistics: moving = moving * momentum + (value * scale) * (1 - momentum), 1 - momentum in float; scale is 1, or
// n / (n - 1) in float where a moving variance is to be unbiased, as TensorFlow's fused kernel keeps it.
//
// Gradient (training), with xh = (x - mean) * inverse and dz the gradient of the value before a fused activation, otherwise
// dy (that value is computed again, so neither it nor y need be kept):
//   dbeta = sum dz;  dgamma = sum fma(dz, xh);  both by rules 2 and 3
//   dx = (gamma * inverse) * ((dz - dbeta / n) - xh * (dgamma / n));  in inference dx = (gamma * inverse) * dz
// With an addend, the gradient of x from elsewhere, dx = addend + that: the bits of add.forward afterwards.
// Atomic: statistics and gradient sums of single chunks are joined in the order they arrive.
#pragma once

#include "core/elementwise.h"
#include "core/fused.h"
#include "core/order.h"

namespace samebits::batch_norm_contract {

struct Settings {
  float epsilon;
  Fused fused;
  int64_t training;  // gradients only: whether mean and variance came from x itself
};

struct MovingSettings {
  float momentum;
  float scale;
};

inline constexpr Field kFields[] = {{"epsilon", FieldType::kFloat, offsetof(Settings, epsilon)},
                                    SAMEBITS_FUSED_FIELDS(Settings),
                                    {"training", FieldType::kInt, offsetof(Settings, training)}};
inline constexpr Field kMovingFields[] = {{"momentum", FieldType::kFloat, offsetof(MovingSettings, momentum)},
                                          {"scale", FieldType::kFloat, offsetof(MovingSettings, scale)}};

inline constexpr int64_t kTaskChunks = 4;  // chunks that a task of statistics and parameterGradient takes, ascending

inline constexpr TensorSlot kStatistics[] = {by_sample(input("x")), output("mean"), output("variance")};
inline constexpr TensorSlot kForward[] = {
    by_sample(input("x")), input("mean"), input("variance"), optional(input("gamma")), optional(input("beta")),
    copied(by_sample(output("y")))};
inline constexpr TensorSlot kParameterGradient[] = {
    by_sample(input("x")), input("mean"), input("variance"), optional(input("gamma")), optional(input("beta")),
    by_sample(input("dy")), output("dgamma"), output("dbeta")};
inline constexpr TensorSlot kInputGradient[] = {
    by_sample(input("x")), input("mean"), input("variance"), optional(input("gamma")), optional(input("beta")),
    by_sample(input("dy")), input("dgamma"), input("dbeta"), by_sample(optional(input("addend"))), by_sample(output("dx"))};
inline constexpr TensorSlot kMoving[] = {input("value"), output("moving")};

// Tensors named x, y, dy, dx and addend have the shape of x; all others are [c].
inline Status check(const Call& call, const TensorSlot* slots) noexcept {
  const View& x = call.tensors[0];
  if (x.rank < 2 || x.size() < 1) return refuse(StatusCode::kShape, "batch_norm: expected x [n, ..., c] with values, got none");
  const int64_t channels = x.shape[x.rank - 1];
  for (int i = 1; i < call.tensor_count; ++i) {
    const char* name = slots[i].name;
    const bool whole = name[0] == 'y' || name[0] == 'a' || ((name[1] == 'y' || name[1] == 'x') && name[2] == 0);
    const int64_t expected = whole ? x.size() : channels;
    if (call.tensors[i].given() && call.tensors[i].size() != expected)
      return refuse(StatusCode::kShape, "batch_norm: expected %s of %lld values, got %lld", name,
                    static_cast<long long>(expected), static_cast<long long>(call.tensors[i].size()));
  }
  return {};
}

inline Status check_statistics(const Call& call) noexcept { return check(call, kStatistics); }
inline Status check_activated(const Call& call, const TensorSlot* slots) noexcept {
  const Status status = check_fused("batch_norm", call.as<Settings>().fused, fused::kHardSwish);
  return status.ok() ? check(call, slots) : status;
}
inline Status check_forward(const Call& call) noexcept { return check_activated(call, kForward); }
inline Status check_parameter_gradient(const Call& call) noexcept { return check_activated(call, kParameterGradient); }
inline Status check_input_gradient(const Call& call) noexcept { return check_activated(call, kInputGradient); }

inline constexpr Contract kStatisticsContract =
    contract("batch_norm.statistics", kStatistics, {}, check_statistics, {Order::kPositions, Part::kChunks, kTaskChunks});
inline constexpr Contract kForwardContract = contract("batch_norm.forward", kForward, fields(kFields), check_forward);
inline constexpr Contract kParameterGradientContract =
    contract("batch_norm.parameterGradient", kParameterGradient, fields(kFields), check_parameter_gradient,
             {Order::kPositions, Part::kChunks, kTaskChunks});
inline constexpr Contract kInputGradientContract =
    contract("batch_norm.inputGradient", kInputGradient, fields(kFields), check_input_gradient);
inline constexpr Contract kMovingContract = contract("batch_norm.moving", kMoving, fields(kMovingFields), check_elementwise);

}  // namespace samebits::batch_norm_contract
