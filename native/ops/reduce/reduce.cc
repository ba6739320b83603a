#include "ops/reduce/reduce.h"

#define SAMEBITS_BODY "ops/reduce/reduce_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace reduce_contract;

static constexpr Kernel kKernels[] = {
    {"reduce.forward", kForward, 2, kFields, 2, sizeof(Settings), check_forward, SAMEBITS_EACH_ISA(k_reduce_forward)},
    {"reduce.inputGradient", kInputGradient, 2, kFields, 2, sizeof(Settings), check_gradient,
     SAMEBITS_EACH_ISA(k_reduce_input_gradient)},
};

extern const OpEntry reduce_op;
const OpEntry reduce_op = {"reduce", kKernels, 2};

}  // namespace samebits
