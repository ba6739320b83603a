// normalize: values of x to mean 0 and variance 1, sample by sample: LayerNormalization and GroupNormalization.
//
// x is [samples, positions, channels]. What is normalised together is a row of `count` values, in their order in memory: the
// channels of one position (across = 0; layer normalization), or those of one of `groups` groups of neighbouring channels over all
// positions of a sample (across = 1; group normalization). Rows are counted samples, then positions or groups.
// forward:  mean = sum x / count; d = x - mean; variance = sum fma(d, d) / count, both sums by rule 4;
//           inverse = 1 / sqrt(variance + epsilon); y = fma(d, gamma * inverse, beta), with 1 and +0 for those that are not given.
// Gradients, with xh = (x - mean) * inverse:
//   dbeta = sum dy;  dgamma = sum fma(dy, xh);  of a channel, by rules 2 and 3 over the positions and the samples
//   g = dy * gamma (dy without gamma); a = sum g, b = sum fma(g, xh), of a row, by rule 4;
//   dx = inverse * ((g - a / count) - xh * (b / count))
// Atomic: a row has one owner, so nothing is joined there; chunks of dgamma and dbeta are added as they arrive.
#pragma once

#include "core/kernel.h"
#include "core/order.h"

namespace samebits::normalize_contract {

struct Settings {
  float epsilon;
  int64_t positions, channels, groups, across;
};

inline constexpr Field kFields[] = {{"epsilon", FieldType::kFloat, offsetof(Settings, epsilon)},
                                    {"positions", FieldType::kInt, offsetof(Settings, positions)},
                                    {"channels", FieldType::kInt, offsetof(Settings, channels)},
                                    {"groups", FieldType::kInt, offsetof(Settings, groups)},
                                    {"across", FieldType::kInt, offsetof(Settings, across)}};

inline constexpr TensorSlot kForward[] = {input("x"),  optional(input("gamma")), optional(input("beta")),
                                          output("y"), output("mean"),           output("inverse")};
inline constexpr TensorSlot kInputGradient[] = {input("x"), input("mean"), input("inverse"), optional(input("gamma")),
                                                input("dy"), output("dx")};
inline constexpr TensorSlot kParameterGradient[] = {input("x"),  input("mean"),    input("inverse"),
                                                    input("dy"), output("dgamma"), output("dbeta")};

// Where the values of a row lie: `spans` runs of `width` neighbours, `channels` apart.
struct Layout {
  int64_t samples, positions, channels, groups, spans, width, rows;
  bool across;

  SAMEBITS_DEVICE constexpr int64_t count() const noexcept { return spans * width; }
  SAMEBITS_DEVICE constexpr int64_t first_channel(int64_t row) const noexcept { return across ? row % groups * width : 0; }
  SAMEBITS_DEVICE constexpr int64_t first(int64_t row) const noexcept {
    return across ? row / groups * positions * channels + first_channel(row) : row * channels;
  }
};

inline Layout layout_of(const Call& call) noexcept {
  const Settings& s = call.as<Settings>();
  Layout layout = {};
  layout.across = s.across != 0;
  layout.positions = s.positions;
  layout.channels = s.channels;
  layout.groups = s.groups;
  layout.samples = call.tensors[0].size() / (s.positions * s.channels);
  layout.spans = layout.across ? s.positions : 1;
  layout.width = s.channels / s.groups;
  layout.rows = layout.samples * (layout.across ? s.groups : s.positions);
  return layout;
}

// mean and inverse have a value for each row, gamma, beta and their gradients one for each channel, all others the shape of x.
inline Status check(const Call& call, const TensorSlot* slots) noexcept {
  constexpr int64_t kLimit = int64_t{1} << 31;
  const auto ll = [](int64_t value) { return static_cast<long long>(value); };
  const Settings& s = call.as<Settings>();
  const int64_t values = call.tensors[0].size();
  if (s.positions < 1 || s.channels < 1 || s.positions > kLimit || s.channels > kLimit ||
      values % (s.positions * s.channels) != 0)
    return refuse(StatusCode::kShape, "normalize: expected x of samples of %lld positions and %lld channels, got %lld values",
                  ll(s.positions), ll(s.channels), ll(values));
  if (s.groups < 1 || s.channels % s.groups != 0 || (s.across == 0 && s.groups != 1))
    return refuse(StatusCode::kArgument, "normalize: expected groups that divide %lld channels, one unless across, got %lld",
                  ll(s.channels), ll(s.groups));
  const Layout layout = layout_of(call);
  for (int i = 1; i < call.tensor_count; ++i) {
    const char* name = slots[i].name + (slots[i].name[0] == 'd' ? 1 : 0);
    const bool of_row = name[0] == 'm' || name[0] == 'i', of_channel = name[0] == 'g' || name[0] == 'b';
    const int64_t expected = of_row ? layout.rows : of_channel ? layout.channels : values;
    if (call.tensors[i].given() && call.tensors[i].size() != expected)
      return refuse(StatusCode::kShape, "normalize: expected %s of %lld values, got %lld", slots[i].name, ll(expected),
                    ll(call.tensors[i].size()));
  }
  return {};
}

inline Status check_forward(const Call& call) noexcept { return check(call, kForward); }
inline Status check_input_gradient(const Call& call) noexcept { return check(call, kInputGradient); }
inline Status check_parameter_gradient(const Call& call) noexcept { return check(call, kParameterGradient); }

inline constexpr Contract kForwardContract =
    contract("normalize.forward", kForward, fields(kFields), check_forward, {Order::kMemory});
inline constexpr Contract kInputGradientContract =
    contract("normalize.inputGradient", kInputGradient, fields(kFields), check_input_gradient, {Order::kMemory});
inline constexpr Contract kParameterGradientContract =
    contract("normalize.parameterGradient", kParameterGradient, fields(kFields), check_parameter_gradient, {Order::kPositions});

}  // namespace samebits::normalize_contract
