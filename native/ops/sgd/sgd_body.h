// The loop of sgd; compiled once per instruction set.
#include "simd/weight_decay.h"

static Status sgd_update(const Call& call) noexcept {
  const auto& settings = call.as<sgd_contract::Settings>();
  const float* g = call.tensors[0].f32();
  float* w = call.tensors[1].f32();
  float* v = call.tensors[2].f32();
  const Decaying decay(settings.decay);
  const F32x16 rate = set1(settings.decay.learning_rate), momentum = set1(settings.momentum);
  const bool nesterov = settings.nesterov != 0, of_gradients = settings.velocity_of_gradients != 0;
  elementwise(*call.context, call.tensors[0].size(), [=](int64_t i, int n) {
    const F32x16 before = load_some(w + i, n), gradient = decay.gradient(load_some(g + i, n), before);
    const F32x16 weight = decay.weight(before), step = mul(rate, gradient);
    if (v == nullptr) {
      store_some(w + i, sub(weight, step), n);
      return;
    }
    const F32x16 kept = mul(momentum, load_some(v + i, n));
    const F32x16 velocity = of_gradients ? add(kept, gradient) : sub(kept, step);
    store_some(v + i, velocity, n);
    if (of_gradients) {
      const F32x16 along = nesterov ? add(gradient, mul(momentum, velocity)) : velocity;
      store_some(w + i, sub(weight, mul(rate, along)), n);
    } else {
      store_some(w + i, nesterov ? sub(add(weight, mul(momentum, velocity)), step) : add(weight, velocity), n);
    }
  });
  return {};
}

inline constexpr ModePair k_sgd_update{{sgd_update, sgd_update}};
