// The loop of adadelta; compiled once per instruction set.
#include "simd/weight_decay.h"

static Status adadelta_update(const Call& call) noexcept {
  const auto& settings = call.as<adadelta_contract::Settings>();
  const float* g = call.tensors[0].f32();
  float* w = call.tensors[1].f32();
  float* s = call.tensors[2].f32();
  float* x = call.tensors[3].f32();
  const Decaying decay(settings.decay);
  const F32x16 rate = set1(settings.decay.learning_rate), epsilon = set1(settings.epsilon);
  const F32x16 rho = set1(settings.rho), share = set1(settings.share);
  elementwise(*call.context, call.tensors[0].size(), [=](int64_t i, int n) {
    const F32x16 weight = load_some(w + i, n), gradient = decay.gradient(load_some(g + i, n), weight);
    const F32x16 squares = add(mul(rho, load_some(s + i, n)), mul(share, mul(gradient, gradient)));
    store_some(s + i, squares, n);
    const F32x16 before = load_some(x + i, n);
    const F32x16 step = div(mul(sqrt(add(before, epsilon)), gradient), sqrt(add(squares, epsilon)));
    store_some(x + i, add(mul(rho, before), mul(share, mul(step, step))), n);
    store_some(w + i, sub(decay.weight(weight), mul(rate, step)), n);
  });
  return {};
}

inline constexpr ModePair k_adadelta_update{{adadelta_update, adadelta_update}};
