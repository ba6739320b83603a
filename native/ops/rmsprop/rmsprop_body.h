// The loop of rmsprop; compiled once per instruction set.
#include "simd/weight_decay.h"

static Status rmsprop_update(const Call& call) noexcept {
  const auto& settings = call.as<rmsprop_contract::Settings>();
  const float* g = call.tensors[0].f32();
  float* w = call.tensors[1].f32();
  float* v = call.tensors[2].f32();
  float* a = call.tensors[3].f32();
  float* b = call.tensors[4].f32();
  const Decaying decay(settings.decay);
  const F32x16 rate = set1(settings.decay.learning_rate), rho = set1(settings.rho), rest = set1(1.0f - settings.rho);
  const F32x16 momentum = set1(settings.momentum), epsilon = set1(settings.epsilon);
  const bool outside = settings.epsilon_outside != 0;
  elementwise(*call.context, call.tensors[0].size(), [=](int64_t i, int n) {
    const F32x16 weight = load_some(w + i, n), gradient = decay.gradient(load_some(g + i, n), weight);
    const F32x16 velocity = add(mul(rho, load_some(v + i, n)), mul(rest, mul(gradient, gradient)));
    store_some(v + i, velocity, n);
    F32x16 spread = velocity;
    if (a != nullptr) {
      const F32x16 average = add(mul(rho, load_some(a + i, n)), mul(rest, gradient));
      store_some(a + i, average, n);
      spread = sub(velocity, mul(average, average));
    }
    const F32x16 root = outside ? add(sqrt(spread), epsilon) : sqrt(add(spread, epsilon));
    F32x16 step = div(mul(rate, gradient), root);
    if (b != nullptr) {
      step = add(mul(momentum, load_some(b + i, n)), step);
      store_some(b + i, step, n);
    }
    store_some(w + i, sub(decay.weight(weight), step), n);
  });
  return {};
}

inline constexpr ModePair k_rmsprop_update{{rmsprop_update, rmsprop_update}};
