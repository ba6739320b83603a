#include "ops/image_transform/image_transform.h"

#define SAMEBITS_BODY "ops/image_transform/image_transform_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

static constexpr Kernel draw_kernel(const char* name, const ModePair (&cpu)[kIsaCount]) {
  return {name, image_transform::kMatrices, 1, image_transform::kDrawFields, 11, sizeof(TransformDraw),
          image_transform::check_draw, {cpu[0], cpu[1], cpu[2], cpu[3]}};
}

static constexpr Kernel kKernels[] = {
    {"image_transform.forward", image_transform::kForward, 3, image_transform::kFields, 3, sizeof(ImageTransform),
     image_transform::check, SAMEBITS_EACH_ISA(k_image_transform_forward)},
    {"image_transform.inputGradient", image_transform::kInputGradient, 3, image_transform::kFields, 3,
     sizeof(ImageTransform), image_transform::check, SAMEBITS_EACH_ISA(k_image_transform_input_gradient)},
    draw_kernel("image_transform.flipMatrices", SAMEBITS_EACH_ISA(k_flip_matrices)),
    draw_kernel("image_transform.rotationMatrices", SAMEBITS_EACH_ISA(k_rotation_matrices)),
    draw_kernel("image_transform.zoomMatrices", SAMEBITS_EACH_ISA(k_zoom_matrices)),
};

extern const OpEntry image_transform_op;
const OpEntry image_transform_op = {"image_transform", kKernels, 5};

}  // namespace samebits
