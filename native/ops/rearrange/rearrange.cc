#include "ops/rearrange/rearrange.h"

#define SAMEBITS_BODY "ops/rearrange/rearrange_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

static constexpr Kernel kKernels[] = {
    {rearrange::kForwardContract, SAMEBITS_EACH_ISA(k_rearrange_forward)},
};

extern const OpEntry rearrange_op;
const OpEntry rearrange_op = op_entry("rearrange", kKernels);

}  // namespace samebits
