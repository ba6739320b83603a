// The CUDA column of the kernel table: every <op>.cu exports one CudaColumn named <op>_cuda with a row for each kernel
// that <op>.cc lists, by the same name.
#pragma once

#include "core/kernel.h"

namespace samebits {

struct CudaRow {
  const char* name;  // as Kernel::name
  ModePair modes;
};

struct CudaColumn {
  const CudaRow* rows;
  int count;
};

template <size_t kCount>
constexpr CudaColumn cuda_column(const CudaRow (&rows)[kCount]) noexcept {
  return {rows, static_cast<int>(kCount)};
}

}  // namespace samebits
