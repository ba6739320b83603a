// The loop of adam; compiled once per instruction set.
#include "simd/weight_decay.h"

static Status adam_update(const Call& call) noexcept {
  const auto& settings = call.as<adam_contract::Settings>();
  const float* g = call.tensors[0].f32();
  float* w = call.tensors[1].f32();
  float* m = call.tensors[2].f32();
  float* v = call.tensors[3].f32();
  float* a = call.tensors[4].f32();
  const Decaying decay(settings.decay);
  const F32x16 size = set1(settings.step_size), epsilon = set1(settings.epsilon);
  const F32x16 first = set1(settings.first_share), second = set1(settings.second_share);
  elementwise(*call.context, call.tensors[0].size(), [=](int64_t i, int n) {
    const F32x16 weight = load_some(w + i, n), gradient = decay.gradient(load_some(g + i, n), weight);
    const F32x16 before = load_some(m + i, n), squares = load_some(v + i, n);
    const F32x16 mean = add(before, mul(sub(gradient, before), first));
    store_some(m + i, mean, n);
    F32x16 spread = add(squares, mul(sub(mul(gradient, gradient), squares), second));
    store_some(v + i, spread, n);
    if (a != nullptr) {
      const F32x16 most = load_some(a + i, n);
      spread = select(beats(spread, most), spread, most);
      store_some(a + i, spread, n);
    }
    const F32x16 step = div(mul(mean, size), add(sqrt(spread), epsilon));
    store_some(w + i, sub(decay.weight(weight), step), n);
  });
  return {};
}

inline constexpr ModePair k_adam_update{{adam_update, adam_update}};
