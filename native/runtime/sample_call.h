// A kernel's call that goes sample by sample, before it runs.
#pragma once

#include <memory>

#include "core/kernel.h"
#include "runtime/memory.h"

namespace samebits {

// On the tensors of the whole batch.
struct SampleCall {
  const Kernel* kernel = nullptr;
  Call call;
  // Where not 0, tensor i has no memory of its own: it passes from the call that writes it to those that name the same number.
  int passing[kMaxTensors] = {};
  std::shared_ptr<Block> blocks[kMaxTensors];  // where the tensors with memory lie
  int copied[kMaxTensors] = {};                // where not 0, a copy of what tensor i gets passes under this number
};

inline constexpr int kMaxPassing = 16;

// The samples of a call's tensors, -1 where none counts any.
int64_t samples_of(const SampleCall& call) noexcept;

// The call on one sample, but for where its tensors lie.
Call sample_of(const SampleCall& call) noexcept;

}  // namespace samebits
