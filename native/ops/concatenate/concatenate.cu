// The CUDA kernel of concatenate.
#include "ops/concatenate/concatenate.h"

#include "simt/rows.h"

namespace samebits {

static Status concatenate_forward(const Call& call) noexcept {
  float* y = call.tensors[concatenate::kMost].f32();
  const int64_t values = call.tensors[concatenate::kMost].size(), rows = call.as<Concatenate>().rows;
  if (values == 0) return {};
  const int64_t width = values / rows;
  int64_t begin = 0;
  for (int k = 0; k < concatenate::kMost; ++k) {
    if (!call.tensors[k].given()) continue;
    const float* x = call.tensors[k].f32();
    const int64_t wide = call.tensors[k].size() / rows;
    const Status status = simt::each_in_rows(call, rows, wide, [=] __device__(int64_t row, int64_t column) {
      y[row * width + begin + column] = x[row * wide + column];
    });
    if (!status.ok()) return status;
    begin += wide;
  }
  return {};
}

static constexpr CudaRow kRows[] = {{"concatenate.forward", {{concatenate_forward, concatenate_forward}}}};

extern const CudaColumn concatenate_cuda;
const CudaColumn concatenate_cuda = cuda_column(kRows);

}  // namespace samebits
