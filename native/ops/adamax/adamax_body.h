// The loop of adamax; compiled once per instruction set.
#include "simd/weight_decay.h"

static Status adamax_update(const Call& call) noexcept {
  const auto& settings = call.as<adamax_contract::Settings>();
  const float* g = call.tensors[0].f32();
  float* w = call.tensors[1].f32();
  float* m = call.tensors[2].f32();
  float* v = call.tensors[3].f32();
  const Decaying decay(settings.decay);
  const F32x16 rate = set1(settings.decay.learning_rate), first = set1(settings.first_share), beta2 = set1(settings.beta2);
  const F32x16 correction = set1(settings.correction), epsilon = set1(settings.epsilon);
  elementwise(*call.context, call.tensors[0].size(), [=](int64_t i, int n) {
    const F32x16 weight = load_some(w + i, n), gradient = decay.gradient(load_some(g + i, n), weight);
    const F32x16 before = load_some(m + i, n);
    const F32x16 mean = add(before, mul(sub(gradient, before), first));
    store_some(m + i, mean, n);
    const F32x16 kept = mul(beta2, load_some(v + i, n)), size = select(less(gradient, zero()), sub(zero(), gradient), gradient);
    const F32x16 norm = select(beats(size, kept), size, kept);
    store_some(v + i, norm, n);
    const F32x16 step = div(mul(rate, mean), mul(correction, add(norm, epsilon)));
    store_some(w + i, sub(decay.weight(weight), step), n);
  });
  return {};
}

inline constexpr ModePair k_adamax_update{{adamax_update, adamax_update}};
