// Which calls may run as one fused row, sample by sample, and which tensors between them need no memory (elided buffers).
#pragma once

#include <vector>

#include "runtime/sample_call.h"

namespace samebits {

// Refuses calls that cannot go by samples together, and what any of the kernels refuses.
Status check_by_sample(const std::vector<SampleCall>& calls) noexcept;

// Whether `next` can be appended to the row `calls`: memory that both name is only read, or is the same samples in both.
// Renumbers the elided buffers of `next`, so that no number is used twice.
bool goes_behind(const std::vector<SampleCall>& calls, std::vector<SampleCall>& next) noexcept;

// Elides the buffers that only these calls still hold, since nobody can read them afterwards: they pass from the call that
// writes them to the calls that read them. Of a buffer that is kept and read later in the row a copy passes, where the kernel
// that writes it makes one (TensorSlot::copied).
void let_pass(std::vector<SampleCall>& calls) noexcept;

}  // namespace samebits
