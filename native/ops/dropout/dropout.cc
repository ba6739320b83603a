#include "ops/dropout/dropout.h"

#define SAMEBITS_BODY "ops/dropout/dropout_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace dropout_contract;

static constexpr Kernel kKernels[] = {
    {kForwardContract, SAMEBITS_EACH_ISA(k_dropout_forward)},
};

extern const OpEntry dropout_op;
const OpEntry dropout_op = op_entry("dropout", kKernels);

}  // namespace samebits
