#include "ops/add/add.h"

#define SAMEBITS_BODY "ops/add/add_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace add_contract;

static constexpr Kernel kKernels[] = {
    {kForwardContract, SAMEBITS_EACH_ISA(k_add_forward)},
};

extern const OpEntry add_op;
const OpEntry add_op = op_entry("add", kKernels);

}  // namespace samebits
