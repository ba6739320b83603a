#include "ops/rescaling/rescaling.h"

#define SAMEBITS_BODY "ops/rescaling/rescaling_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

static constexpr Kernel kKernels[] = {
    {"rescaling.forward", rescaling::kForward, 2, rescaling::kFields, 2, sizeof(Rescaling), rescaling::check,
     SAMEBITS_EACH_ISA(k_rescaling_forward)},
    {"rescaling.fromBytes", rescaling::kFromBytes, 2, rescaling::kFields, 2, sizeof(Rescaling), rescaling::check,
     SAMEBITS_EACH_ISA(k_rescaling_from_bytes)},
    {"rescaling.inputGradient", rescaling::kInputGradient, 2, rescaling::kFields, 2, sizeof(Rescaling),
     rescaling::check, SAMEBITS_EACH_ISA(k_rescaling_input_gradient)},
};

extern const OpEntry rescaling_op;
const OpEntry rescaling_op = {"rescaling", kKernels, 3};

}  // namespace samebits
