// Which calls may go sample by sample together, as one row, and what passes between them without memory of its own.
#pragma once

#include <vector>

#include "runtime/sample_call.h"

namespace samebits {

// Refuses calls that cannot go by samples together, and what any of the kernels refuses.
Status check_by_sample(const std::vector<SampleCall>& calls) noexcept;

// Whether `next` can go sample by sample right behind `calls`: where both name the same memory, it is the same samples, or only
// read. Renumbers what passes in `next`, so that all of them can go together.
bool goes_behind(const std::vector<SampleCall>& calls, std::vector<SampleCall>& next) noexcept;

// Lets pass, from the call that writes it, what lies in memory that only these calls still hold: nobody can read it afterwards.
// Of what goes to memory and is read behind, a copy passes, if the kernel that writes it makes one.
void let_pass(std::vector<SampleCall>& calls) noexcept;

}  // namespace samebits
