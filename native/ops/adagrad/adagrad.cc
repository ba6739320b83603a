#include "ops/adagrad/adagrad.h"

#define SAMEBITS_BODY "ops/adagrad/adagrad_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace adagrad_contract;

static constexpr Kernel kKernels[] = {
    {kUpdateContract, SAMEBITS_EACH_ISA(k_adagrad_update)},
};

extern const OpEntry adagrad_op;
const OpEntry adagrad_op = op_entry("adagrad", kKernels);

}  // namespace samebits
