#include "ops/clip_gradient/clip_gradient.h"

#define SAMEBITS_BODY "ops/clip_gradient/clip_gradient_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace clip_gradient_contract;

static constexpr Kernel kKernels[] = {
    {kValueContract, SAMEBITS_EACH_ISA(k_clip_gradient_value)},
    {kNormContract, SAMEBITS_EACH_ISA(k_clip_gradient_norm)},
    {kGlobalNormContract, SAMEBITS_EACH_ISA(k_clip_gradient_global_norm)},
};

extern const OpEntry clip_gradient_op;
const OpEntry clip_gradient_op = op_entry("clip_gradient", kKernels);

}  // namespace samebits
