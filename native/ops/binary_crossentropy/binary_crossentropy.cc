#include "ops/binary_crossentropy/binary_crossentropy.h"

#define SAMEBITS_BODY "ops/binary_crossentropy/binary_crossentropy_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace binary_crossentropy_contract;

static constexpr Kernel kKernels[] = {
    {kForwardContract, SAMEBITS_EACH_ISA(k_bce_forward)},
    {kInputGradientContract, SAMEBITS_EACH_ISA(k_bce_input_gradient)},
};

extern const OpEntry binary_crossentropy_op;
const OpEntry binary_crossentropy_op = op_entry("binary_crossentropy", kKernels);

}  // namespace samebits
