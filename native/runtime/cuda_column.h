// The CUDA function of a kernel.
#pragma once

#include "core/kernel.h"

namespace samebits {

KernelFn cuda_kernel(const char* name, Mode mode) noexcept;  // null when there is none, as in a build without CUDA

}  // namespace samebits
