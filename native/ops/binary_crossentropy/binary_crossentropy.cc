#include "ops/binary_crossentropy/binary_crossentropy.h"

#define SAMEBITS_BODY "ops/binary_crossentropy/binary_crossentropy_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace binary_crossentropy_contract;

static constexpr Kernel kKernels[] = {
    {"binary_crossentropy.forward", kForward, 3, kFields, 1, sizeof(Settings), check, SAMEBITS_EACH_ISA(k_bce_forward)},
    {"binary_crossentropy.inputGradient", kInputGradient, 4, kFields, 1, sizeof(Settings), check,
     SAMEBITS_EACH_ISA(k_bce_input_gradient)},
};

extern const OpEntry binary_crossentropy_op;
const OpEntry binary_crossentropy_op = {"binary_crossentropy", kKernels, 2};

}  // namespace samebits
