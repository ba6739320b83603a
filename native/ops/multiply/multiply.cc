#include "ops/multiply/multiply.h"

#define SAMEBITS_BODY "ops/multiply/multiply_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace multiply_contract;

static constexpr Kernel kKernels[] = {
    {kForwardContract, SAMEBITS_EACH_ISA(k_multiply_forward)},
};

extern const OpEntry multiply_op;
const OpEntry multiply_op = op_entry("multiply", kKernels);

}  // namespace samebits
