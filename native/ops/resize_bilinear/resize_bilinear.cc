#include "ops/resize_bilinear/resize_bilinear.h"

#define SAMEBITS_BODY "ops/resize_bilinear/resize_bilinear_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

static constexpr Kernel kKernels[] = {
    {resize_bilinear::kForwardContract, SAMEBITS_EACH_ISA(k_resize_forward)},
    {resize_bilinear::kFromBytesContract, SAMEBITS_EACH_ISA(k_resize_from_bytes)},
    {resize_bilinear::kBytesContract, SAMEBITS_EACH_ISA(k_resize_bytes)},
    {resize_bilinear::kInputGradientContract, SAMEBITS_EACH_ISA(k_resize_input_gradient)},
};

extern const OpEntry resize_bilinear_op;
const OpEntry resize_bilinear_op = op_entry("resize_bilinear", kKernels);

}  // namespace samebits
