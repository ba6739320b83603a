#include "ops/categorical_crossentropy/categorical_crossentropy.h"

#define SAMEBITS_BODY "ops/categorical_crossentropy/categorical_crossentropy_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace categorical_crossentropy_contract;

static constexpr Kernel kKernels[] = {
    {"categorical_crossentropy.forward", kForward, 3, kFields, 1, sizeof(Settings), check,
     SAMEBITS_EACH_ISA(k_cce_forward)},
    {"categorical_crossentropy.inputGradient", kInputGradient, 4, kFields, 1, sizeof(Settings), check,
     SAMEBITS_EACH_ISA(k_cce_input_gradient)},
};

extern const OpEntry categorical_crossentropy_op;
const OpEntry categorical_crossentropy_op = {"categorical_crossentropy", kKernels, 2};

}  // namespace samebits
