#include "ops/rescaling/rescaling.h"

#define SAMEBITS_BODY "ops/rescaling/rescaling_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

static constexpr Kernel kKernels[] = {
    {rescaling::kForwardContract, SAMEBITS_EACH_ISA(k_rescaling_forward)},
    {rescaling::kFromBytesContract, SAMEBITS_EACH_ISA(k_rescaling_from_bytes)},
    {rescaling::kInputGradientContract, SAMEBITS_EACH_ISA(k_rescaling_input_gradient)},
};

extern const OpEntry rescaling_op;
const OpEntry rescaling_op = op_entry("rescaling", kKernels);

}  // namespace samebits
