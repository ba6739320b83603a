// The CUDA function of a kernel; part of the CUDA build only.
#pragma once

#include "core/kernel.h"

namespace samebits {

KernelFn cuda_kernel(const char* name, Mode mode) noexcept;  // null when there is none

}  // namespace samebits
