#include "ops/image_transform/image_transform.h"

#define SAMEBITS_BODY "ops/image_transform/image_transform_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

static constexpr Kernel kKernels[] = {
    {image_transform::kForwardContract, SAMEBITS_EACH_ISA(k_image_transform_forward)},
    {image_transform::kInputGradientContract, SAMEBITS_EACH_ISA(k_image_transform_input_gradient)},
    {image_transform::kFlipMatricesContract, SAMEBITS_EACH_ISA(k_flip_matrices)},
    {image_transform::kRotationMatricesContract, SAMEBITS_EACH_ISA(k_rotation_matrices)},
    {image_transform::kZoomMatricesContract, SAMEBITS_EACH_ISA(k_zoom_matrices)},
};

extern const OpEntry image_transform_op;
const OpEntry image_transform_op = op_entry("image_transform", kKernels);

}  // namespace samebits
