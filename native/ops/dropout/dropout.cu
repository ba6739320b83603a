// The CUDA kernel of dropout: a thread for the four values of a Philox block.
#include "ops/dropout/dropout.h"

#include "simt/launch.h"

namespace samebits {

static Status dropout_forward(const Call& call) noexcept {
  const auto& settings = call.as<dropout_contract::Settings>();
  const philox::Sequence sequence =
      philox::sequence(settings.seed, static_cast<uint32_t>(settings.stream), static_cast<uint32_t>(settings.step));
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  const int64_t n = call.tensors[0].size();
  const float rate = settings.rate, scale = 1.0f / (1.0f - settings.rate);
  return simt::each(call, ceil_div(n, 4), [=] __device__(int64_t block) {
    const philox::Block words = philox::block_at(sequence, static_cast<uint64_t>(block));
    for (int word = 0; word < 4; ++word) {
      const int64_t i = block * 4 + word;
      if (i < n) y[i] = philox::uniform(words.word[word]) < rate ? 0.0f : x[i] * scale;
    }
  });
}

static constexpr CudaRow kRows[] = {{"dropout.forward", {{dropout_forward, dropout_forward}}}};

extern const CudaColumn dropout_cuda;
const CudaColumn dropout_cuda = cuda_column(kRows);

}  // namespace samebits
