#include "ops/random/random.h"

#define SAMEBITS_BODY "ops/random/random_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace random_contract;

static constexpr Kernel kKernels[] = {
    {kUniformContract, SAMEBITS_EACH_ISA(k_random_uniform)},
    {kNormalContract, SAMEBITS_EACH_ISA(k_random_normal)},
};

extern const OpEntry random_op;
const OpEntry random_op = op_entry("random", kKernels);

}  // namespace samebits
