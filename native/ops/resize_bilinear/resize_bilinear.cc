#include "ops/resize_bilinear/resize_bilinear.h"

#define SAMEBITS_BODY "ops/resize_bilinear/resize_bilinear_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

static constexpr Kernel kKernels[] = {
    {"resize_bilinear.forward", resize_bilinear::kForward, 2, nullptr, 0, sizeof(ResizeBilinear), resize_bilinear::check,
     SAMEBITS_EACH_ISA(k_resize_forward)},
    {"resize_bilinear.fromBytes", resize_bilinear::kFromBytes, 2, nullptr, 0, sizeof(ResizeBilinear),
     resize_bilinear::check, SAMEBITS_EACH_ISA(k_resize_from_bytes)},
    {"resize_bilinear.bytes", resize_bilinear::kBytes, 2, nullptr, 0, sizeof(ResizeBilinear), resize_bilinear::check,
     SAMEBITS_EACH_ISA(k_resize_bytes)},
    {"resize_bilinear.inputGradient", resize_bilinear::kInputGradient, 2, nullptr, 0, sizeof(ResizeBilinear),
     resize_bilinear::check, SAMEBITS_EACH_ISA(k_resize_input_gradient)},
};

extern const OpEntry resize_bilinear_op;
const OpEntry resize_bilinear_op = {"resize_bilinear", kKernels, 4};

}  // namespace samebits
