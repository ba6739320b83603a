// Kernels that go sample by sample: a task takes one sample through all of them, so that what passes from one kernel to the
// next stays in the caches, and one thread computes while another moves memory. The bits are those of the calls one after
// the other: a sample's values depend on that sample alone, and a sum over the batch is one of whole samples (rule 3).
#pragma once

#include <memory>
#include <vector>

#include "core/kernel.h"
#include "runtime/memory.h"

namespace samebits {

// One of the calls, on the tensors of the whole batch.
struct SampleCall {
  const Kernel* kernel = nullptr;
  Call call;
  // Where not 0, tensor i has no memory of its own: it passes from the call that writes it to those that name the same number.
  int passing[kMaxTensors] = {};
  std::shared_ptr<Block> blocks[kMaxTensors];  // where the tensors with memory lie
  int copied[kMaxTensors] = {};                // where not 0, a copy of what tensor i gets passes under this number
};

inline constexpr int kMaxPassing = 16;

// Refuses calls that cannot go by samples together, and what any of the kernels refuses.
Status check_by_sample(const std::vector<SampleCall>& calls) noexcept;

// Whether `next` can go sample by sample right behind `calls`: where both name the same memory, it is the same samples, or only
// read. Renumbers what passes in `next`, so that all of them can go together.
bool goes_behind(const std::vector<SampleCall>& calls, std::vector<SampleCall>& next) noexcept;

// Lets pass, from the call that writes it, what lies in memory that only these calls still hold: nobody can read it afterwards.
// Of what goes to memory and is read behind, a copy passes, if the kernel that writes it makes one.
void let_pass(std::vector<SampleCall>& calls) noexcept;

// Runs checked calls for each sample in their order, with the deterministic kernels of `isa`.
Status run_by_sample(Context& context, Isa isa, const std::vector<SampleCall>& calls) noexcept;

}  // namespace samebits
