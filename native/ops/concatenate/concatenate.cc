#include "ops/concatenate/concatenate.h"

#define SAMEBITS_BODY "ops/concatenate/concatenate_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

static constexpr Kernel kKernels[] = {
    {concatenate::kForwardContract, SAMEBITS_EACH_ISA(k_concatenate_forward)},
};

extern const OpEntry concatenate_op;
const OpEntry concatenate_op = op_entry("concatenate", kKernels);

}  // namespace samebits
