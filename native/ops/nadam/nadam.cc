#include "ops/nadam/nadam.h"

#define SAMEBITS_BODY "ops/nadam/nadam_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace nadam_contract;

static constexpr Kernel kKernels[] = {
    {kUpdateContract, SAMEBITS_EACH_ISA(k_nadam_update)},
};

extern const OpEntry nadam_op;
const OpEntry nadam_op = op_entry("nadam", kKernels);

}  // namespace samebits
