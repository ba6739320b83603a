#include "ops/random/random.h"

#define SAMEBITS_BODY "ops/random/random_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace random_contract;

static constexpr Kernel kKernels[] = {
    {"random.uniform", kFill, 1, kUniformFields, 5, sizeof(Settings), check, SAMEBITS_EACH_ISA(k_random_uniform)},
    {"random.normal", kFill, 1, kNormalFields, 5, sizeof(Settings), check, SAMEBITS_EACH_ISA(k_random_normal)},
};

extern const OpEntry random_op;
const OpEntry random_op = {"random", kKernels, 2};

}  // namespace samebits
