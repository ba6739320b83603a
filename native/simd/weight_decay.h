// core/weight_decay.h for sixteen weights at a time.
struct Decaying {
  explicit Decaying(const WeightDecay& decay)
      : share(set1(decay.share)),
        rate(set1(decay.learning_rate)),
        coupled(decay.share != 0.0f && decay.coupled != 0),
        decoupled(decay.share != 0.0f && decay.coupled == 0) {}

  F32x16 gradient(F32x16 g, F32x16 w) const { return coupled ? add(g, mul(share, w)) : g; }
  F32x16 weight(F32x16 w) const { return decoupled ? sub(w, mul(mul(w, share), rate)) : w; }

  F32x16 share, rate;
  bool coupled, decoupled;
};
