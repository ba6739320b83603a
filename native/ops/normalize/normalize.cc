#include "ops/normalize/normalize.h"

#define SAMEBITS_BODY "ops/normalize/normalize_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace normalize_contract;

static constexpr Kernel kKernels[] = {
    {kForwardContract, SAMEBITS_EACH_ISA(k_normalize_forward)},
    {kInputGradientContract, SAMEBITS_EACH_ISA(k_normalize_input_gradient)},
    {kParameterGradientContract, SAMEBITS_EACH_ISA(k_normalize_parameter_gradient)},
};

extern const OpEntry normalize_op;
const OpEntry normalize_op = op_entry("normalize", kKernels);

}  // namespace samebits
