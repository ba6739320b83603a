#include "runtime/sample_call.h"

namespace samebits {

int64_t samples_of(const SampleCall& call) noexcept {
  for (int i = 0; i < call.kernel->tensor_count; ++i)
    if (call.kernel->tensors[i].samples && call.call.tensors[i].rank > 0) return call.call.tensors[i].shape[0];
  return -1;
}

Call sample_of(const SampleCall& call) noexcept {
  Call sample = call.call;
  for (int i = 0; i < sample.tensor_count; ++i) {
    View& view = sample.tensors[i];
    if (!call.kernel->tensors[i].samples || view.rank == 0) continue;
    view.whole = call.passing[i] == 0 ? view.size() : 0;
    sample.batch = view.shape[0];
    view.shape[0] = 1;
  }
  return sample;
}

}  // namespace samebits
