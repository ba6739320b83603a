// The activations of core/fused.h for sixteen values at a time: value(z) is y, gradient(z, dy) what z gets of dy.
struct FusedNone {
  F32x16 value(F32x16 z) const { return z; }
  F32x16 gradient(F32x16, F32x16 dy) const { return dy; }
};

struct FusedRelu {
  F32x16 value(F32x16 z) const { return relu(z); }
  F32x16 gradient(F32x16 z, F32x16 dy) const { return select(less(zero(), z), dy, zero()); }
};

// flat: the slope is 0.
template <bool flat>
struct FusedWithOptions {
  explicit FusedWithOptions(const ReluSettings& s) : slope(set1(s.slope)), threshold(set1(s.threshold)), ceiling(set1(s.ceiling)) {}

  F32x16 value(F32x16 z) const {
    const F32x16 below = flat ? zero() : mul(slope, sub(z, threshold));
    return select(less(z, threshold), below, select(less(ceiling, z), ceiling, z));
  }
  F32x16 gradient(F32x16 z, F32x16 dy) const {
    const F32x16 below = flat ? zero() : mul(dy, slope);
    const Mask16 closed = either(less(ceiling, z), equal(ceiling, z));
    return select(closed, zero(), select(less(threshold, z), dy, below));
  }

  F32x16 slope, threshold, ceiling;
};

static inline F32x16 hard_sigmoid_of(F32x16 z) {
  const F32x16 line = add(div(z, set1(6.0f)), set1(0.5f)), raised = select(less(line, zero()), zero(), line);
  return select(less(set1(1.0f), raised), set1(1.0f), raised);
}
static inline Mask16 on_the_slope(F32x16 h) { return both(less(zero(), h), less(h, set1(1.0f))); }

struct FusedHardSigmoid {
  F32x16 value(F32x16 z) const { return hard_sigmoid_of(z); }
  F32x16 gradient(F32x16 z, F32x16 dy) const {
    return select(on_the_slope(hard_sigmoid_of(z)), div(dy, set1(6.0f)), zero());
  }
};

struct FusedHardSwish {
  F32x16 value(F32x16 z) const { return mul(z, hard_sigmoid_of(z)); }
  F32x16 gradient(F32x16 z, F32x16 dy) const {
    const F32x16 h = hard_sigmoid_of(z);
    return mul(dy, select(on_the_slope(h), add(h, div(z, set1(6.0f))), h));
  }
};

// Calls visit(activation) for one whose gradient y tells.
template <class Visit>
[[gnu::always_inline]] static inline void visit_fused(const Fused& applied, const Visit& visit) noexcept {
  if (applied.activation == fused::kNone)
    visit(FusedNone{});
  else if (applied.activation == fused::kRelu)
    visit(FusedRelu{});
  else if (applied.options.slope == 0.0f)
    visit(FusedWithOptions<true>(applied.options));
  else
    visit(FusedWithOptions<false>(applied.options));
}

// The same for any.
template <class Visit>
static inline void visit_any_fused(const Fused& applied, const Visit& visit) noexcept {
  if (applied.activation == fused::kHardSigmoid)
    visit(FusedHardSigmoid{});
  else if (applied.activation == fused::kHardSwish)
    visit(FusedHardSwish{});
  else
    visit_fused(applied, visit);
}
