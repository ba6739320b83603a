#include "ops/sgd/sgd.h"

#define SAMEBITS_BODY "ops/sgd/sgd_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace sgd_contract;

static constexpr Kernel kKernels[] = {
    {kUpdateContract, SAMEBITS_EACH_ISA(k_sgd_update)},
};

extern const OpEntry sgd_op;
const OpEntry sgd_op = op_entry("sgd", kKernels);

}  // namespace samebits
