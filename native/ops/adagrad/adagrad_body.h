// The loop of adagrad; compiled once per instruction set.
#include "simd/weight_decay.h"

static Status adagrad_update(const Call& call) noexcept {
  const auto& settings = call.as<adagrad_contract::Settings>();
  const float* g = call.tensors[0].f32();
  float* w = call.tensors[1].f32();
  float* s = call.tensors[2].f32();
  const Decaying decay(settings.decay);
  const F32x16 rate = set1(settings.decay.learning_rate), epsilon = set1(settings.epsilon);
  const bool outside = settings.epsilon_outside != 0;
  elementwise(*call.context, call.tensors[0].size(), [=](int64_t i, int n) {
    const F32x16 weight = load_some(w + i, n), gradient = decay.gradient(load_some(g + i, n), weight);
    const F32x16 squares = add(load_some(s + i, n), mul(gradient, gradient));
    store_some(s + i, squares, n);
    const F32x16 root = outside ? add(sqrt(squares), epsilon) : sqrt(add(squares, epsilon));
    store_some(w + i, sub(decay.weight(weight), div(mul(rate, gradient), root)), n);
  });
  return {};
}

inline constexpr ModePair k_adagrad_update{{adagrad_update, adagrad_update}};
