#include "ops/matmul/matmul.h"

#define SAMEBITS_BODY "ops/matmul/matmul_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace matmul_contract;

static constexpr Kernel kKernels[] = {
    {kForwardContract, SAMEBITS_EACH_ISA(k_matmul_forward)},
};

extern const OpEntry matmul_op;
const OpEntry matmul_op = op_entry("matmul", kKernels);

}  // namespace samebits
