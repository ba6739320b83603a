#include "ops/adamax/adamax.h"

#define SAMEBITS_BODY "ops/adamax/adamax_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace adamax_contract;

static constexpr Kernel kKernels[] = {
    {kUpdateContract, SAMEBITS_EACH_ISA(k_adamax_update)},
};

extern const OpEntry adamax_op;
const OpEntry adamax_op = op_entry("adamax", kKernels);

}  // namespace samebits
