// Weight decay of the optimizers' steps, share d at learning rate lr; 0 leaves every bit as it is.
//   decoupled:  w = w - (w * d) * lr, before the step (Keras's weight_decay, AdamW)
//   coupled:    g = g + d * w, the gradient of an L2 penalty (weight_decay of PyTorch's SGD and Adam)
#pragma once

#include "core/kernel.h"

namespace samebits {

struct WeightDecay {
  float share;
  float learning_rate;
  int64_t coupled;
};

// The fields of a WeightDecay that is the member `decay` of a step's settings.
#define SAMEBITS_WEIGHT_DECAY_FIELDS(SETTINGS)                                                          \
  {"weightDecay", FieldType::kFloat, offsetof(SETTINGS, decay) + offsetof(WeightDecay, share)},         \
  {"learningRate", FieldType::kFloat, offsetof(SETTINGS, decay) + offsetof(WeightDecay, learning_rate)}, \
  {"decayCoupled", FieldType::kInt, offsetof(SETTINGS, decay) + offsetof(WeightDecay, coupled)}

}  // namespace samebits
