#include "ops/gather/gather.h"

#define SAMEBITS_BODY "ops/gather/gather_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

static constexpr Kernel kKernels[] = {
    {gather::kForwardContract, SAMEBITS_EACH_ISA(k_gather_forward)},
    {gather::kInputGradientContract, SAMEBITS_EACH_ISA(k_gather_input_gradient)},
};

extern const OpEntry gather_op;
const OpEntry gather_op = op_entry("gather", kKernels);

}  // namespace samebits
