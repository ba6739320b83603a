// Runs a fused row: a task takes one sample through all of its kernels, so that what passes from one kernel to the next stays
// in the caches, and one thread computes while another moves memory. The bits are those of the calls one after
// the other: a sample's values depend on that sample alone, and a sum over the batch is one of whole samples (rule 3).
#pragma once

#include <vector>

#include "runtime/sample_call.h"

namespace samebits {

// Runs checked calls for each sample in their order, with the deterministic kernels of `isa`.
Status run_by_sample(Context& context, Isa isa, const std::vector<SampleCall>& calls) noexcept;

}  // namespace samebits
