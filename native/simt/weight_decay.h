// core/weight_decay.h in a CUDA kernel.
#pragma once

#include "core/device.h"
#include "core/weight_decay.h"

namespace samebits::simt {

SAMEBITS_DEVICE inline float decayed_gradient(const WeightDecay& decay, float g, float w) {
  return decay.share != 0.0f && decay.coupled != 0 ? g + decay.share * w : g;
}

SAMEBITS_DEVICE inline float decayed_weight(const WeightDecay& decay, float w) {
  return decay.share != 0.0f && decay.coupled == 0 ? w - (w * decay.share) * decay.learning_rate : w;
}

}  // namespace samebits::simt
