// The CUDA column of the kernel table. The rows come from ops/ops.inc, as those of kernel_table.cc do.
#include "runtime/cuda_column.h"

#include <cstring>

#include "simt/column.h"

namespace samebits {

#define SAMEBITS_OP(id) extern const CudaColumn id##_cuda;
#include "ops/ops.inc"
#undef SAMEBITS_OP

namespace {

const CudaColumn* const kColumns[] = {
#define SAMEBITS_OP(id) &id##_cuda,
#include "ops/ops.inc"
#undef SAMEBITS_OP
};

}  // namespace

KernelFn cuda_kernel(const char* name, Mode mode) noexcept {
  for (const CudaColumn* column : kColumns)
    for (int i = 0; i < column->count; ++i)
      if (std::strcmp(name, column->rows[i].name) == 0) return column->rows[i].modes.fn[static_cast<int>(mode)];
  return nullptr;
}

}  // namespace samebits
