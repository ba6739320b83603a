#include "ops/categorical_crossentropy/categorical_crossentropy.h"

#define SAMEBITS_BODY "ops/categorical_crossentropy/categorical_crossentropy_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace categorical_crossentropy_contract;

static constexpr Kernel kKernels[] = {
    {kForwardContract, SAMEBITS_EACH_ISA(k_cce_forward)},
    {kInputGradientContract, SAMEBITS_EACH_ISA(k_cce_input_gradient)},
};

extern const OpEntry categorical_crossentropy_op;
const OpEntry categorical_crossentropy_op = op_entry("categorical_crossentropy", kKernels);

}  // namespace samebits
