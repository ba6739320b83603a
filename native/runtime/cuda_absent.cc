// What the CPU build says of CUDA. The CUDA build compiles the device's files in its place.
#include "runtime/detect.h"

namespace samebits {

Availability cuda_availability() noexcept { return {false, "this build has no CUDA kernels"}; }

}  // namespace samebits
