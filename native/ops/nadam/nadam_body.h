// The loop of nadam; compiled once per instruction set.
#include "simd/weight_decay.h"

static Status nadam_update(const Call& call) noexcept {
  const auto& settings = call.as<nadam_contract::Settings>();
  const float* g = call.tensors[0].f32();
  float* w = call.tensors[1].f32();
  float* m = call.tensors[2].f32();
  float* v = call.tensors[3].f32();
  const Decaying decay(settings.decay);
  const F32x16 rate = set1(settings.decay.learning_rate), epsilon = set1(settings.epsilon);
  const F32x16 first = set1(settings.first_share), second = set1(settings.second_share);
  const F32x16 of_mean = set1(settings.mean_factor), of_gradient = set1(settings.gradient_factor);
  const F32x16 correction = set1(settings.correction);
  elementwise(*call.context, call.tensors[0].size(), [=](int64_t i, int n) {
    const F32x16 weight = load_some(w + i, n), gradient = decay.gradient(load_some(g + i, n), weight);
    const F32x16 before = load_some(m + i, n), squares = load_some(v + i, n);
    const F32x16 mean = add(before, mul(sub(gradient, before), first));
    store_some(m + i, mean, n);
    const F32x16 spread = add(squares, mul(sub(mul(gradient, gradient), squares), second));
    store_some(v + i, spread, n);
    const F32x16 ahead = add(mul(of_mean, mean), mul(of_gradient, gradient));
    const F32x16 step = div(mul(ahead, rate), add(sqrt(div(spread, correction)), epsilon));
    store_some(w + i, sub(decay.weight(weight), step), n);
  });
  return {};
}

inline constexpr ModePair k_nadam_update{{nadam_update, nadam_update}};
