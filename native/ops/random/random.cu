// The CUDA kernels of random: a thread for the four values of a Philox block.
#include "ops/random/random.h"

#include "simt/launch.h"

namespace samebits {

static Status random_uniform(const Call& call) noexcept {
  const auto& settings = call.as<random_contract::Settings>();
  const philox::Sequence sequence = settings.sequence();
  float* y = call.tensors[0].f32();
  const int64_t n = call.tensors[0].size();
  const float low = settings.shift, width = settings.scale - settings.shift;
  return simt::each(call, ceil_div(n, 4), [=] __device__(int64_t block) {
    const philox::Block words = philox::block_at(sequence, static_cast<uint64_t>(block));
    for (int word = 0; word < 4; ++word)
      if (block * 4 + word < n) y[block * 4 + word] = low + width * philox::uniform(words.word[word]);
  });
}

static Status random_normal(const Call& call) noexcept {
  const auto& settings = call.as<random_contract::Settings>();
  const philox::Sequence sequence = settings.sequence();
  float* y = call.tensors[0].f32();
  const int64_t n = call.tensors[0].size();
  const float mean = settings.shift, stddev = settings.scale;
  return simt::each(call, ceil_div(n, 4), [=] __device__(int64_t block) {
    const philox::Block words = philox::block_at(sequence, static_cast<uint64_t>(block));
    for (int word = 0; word < 4; word += 2) {
      const philox::NormalPair pair = philox::normal_pair(words.word[word], words.word[word + 1]);
      const int64_t i = block * 4 + word;
      if (i < n) y[i] = mean + stddev * pair.first;
      if (i + 1 < n) y[i + 1] = mean + stddev * pair.second;
    }
  });
}

static constexpr CudaRow kRows[] = {{"random.uniform", {{random_uniform, random_uniform}}},
                                    {"random.normal", {{random_normal, random_normal}}}};

extern const CudaColumn random_cuda;
const CudaColumn random_cuda = cuda_column(kRows);

}  // namespace samebits
