// Kernels that go sample by sample: a task takes one sample through all of them, so that what passes from one kernel to the
// next stays in the caches, and one thread computes while another moves memory. The bits are those of the calls one after
// the other: a sample's values depend on that sample alone, and a sum over the batch is one of whole samples (rule 3).
#pragma once

#include <vector>

#include "core/kernel.h"

namespace samebits {

// One of the calls, on the tensors of the whole batch.
struct SampleCall {
  const Kernel* kernel = nullptr;
  Call call;
  // Where not 0, tensor i has no memory of its own: it passes from the call that writes it to those that name the same number.
  int passing[kMaxTensors] = {};
};

inline constexpr int kMaxPassing = 8;

// Refuses calls that cannot go by samples together, and what any of the kernels refuses.
Status check_by_sample(const std::vector<SampleCall>& calls) noexcept;

// Whether `next` can go sample by sample right behind `calls`: where both name the same memory, it is the same samples, or only
// read. Renumbers what passes in `next`, so that all of them can go together.
bool goes_behind(const std::vector<SampleCall>& calls, std::vector<SampleCall>& next) noexcept;

// Runs checked calls for each sample in their order, with the deterministic kernels of `isa`.
Status run_by_sample(Context& context, Isa isa, const std::vector<SampleCall>& calls) noexcept;

}  // namespace samebits
