// Windows of 3 x 3, which most networks have: what CUDA kernels of their own can do for them.
#pragma once

#include "core/numerics.h"
#include "ops/depthwise_conv2d/depthwise_geometry.cuh"
#include "simt/fours.h"

namespace samebits {

inline bool is_three_by_three(const Depthwise& d) noexcept { return d.h.taps == 3 && d.w.taps == 3; }

// One output for each channel, four channels at once.
inline bool by_fours(const Depthwise& d) noexcept {
  return d.by_multiplier.by == 1 && d.channels() % 4 == 0 && simt::begin_at_fours({d.x, d.weight, d.dy});
}

inline constexpr int kRun = 4;  // neighbouring outputs of a thread, which share what they read

// Correlates pictures [samples, in_h, in_w, channels] with windows of 3 x 3, stride 1: output (oh, ow) is the chain,
// ascending, over rows oh - top + [0, 3) and columns ow - left + [0, 3) inside the picture. `turned`: with the weights
// from the last to the first, which makes an input gradient of it.
struct Threes {
  int in_h, in_w, out_w, top, left, channels;
  simt::Places places;  // of runs of four channels of an output
  const float *from, *weight;
  float* to;
  int64_t of_sample, of_output;  // values of one picture of either
};

template <bool turned>
__device__ inline void correlate_threes(const Threes& t, int64_t number) {
  const simt::Place p = t.places.at(number);
  const int channel = p.channel * 4, begin = p.column * kRun;
  const float* picture = t.from + p.sample * t.of_sample + channel;
  bool there[kRun + 2];
#pragma unroll
  for (int j = 0; j < kRun + 2; ++j)
    there[j] = static_cast<unsigned>(begin - t.left + j) < static_cast<unsigned>(t.in_w);
  float sum[kRun][4];
#pragma unroll
  for (int j = 0; j < kRun; ++j)
#pragma unroll
    for (int i = 0; i < 4; ++i) sum[j][i] = 0.0f;
#pragma unroll
  for (int kh = 0; kh < 3; ++kh) {
    const int row = p.row - t.top + kh;
    if (static_cast<unsigned>(row) >= static_cast<unsigned>(t.in_h)) continue;
    float value[kRun + 2][4], weight[3][4];
#pragma unroll
    for (int j = 0; j < kRun + 2; ++j)
      if (there[j]) simt::read(picture + (row * t.in_w + begin - t.left + j) * t.channels, value[j]);
#pragma unroll
    for (int kw = 0; kw < 3; ++kw) {
      const int tap = kh * 3 + kw;
      simt::read(t.weight + (turned ? 8 - tap : tap) * t.channels + channel, weight[kw]);
    }
#pragma unroll
    for (int j = 0; j < kRun; ++j)
#pragma unroll
      for (int kw = 0; kw < 3; ++kw) {
        if (!there[j + kw]) continue;
#pragma unroll
        for (int i = 0; i < 4; ++i) sum[j][i] = numerics::fma(value[j + kw][i], weight[kw][i], sum[j][i]);
      }
  }
  float* out = t.to + p.sample * t.of_output + (p.row * t.out_w + begin) * t.channels + channel;
#pragma unroll
  for (int j = 0; j < kRun; ++j)
    if (begin + j < t.out_w) simt::write(out + j * t.channels, sum[j]);
}

template <bool turned>
Status correlate_threes(const Call& call, Threes t, int64_t samples, int64_t out_h) noexcept {
  const int64_t runs = ceil_div(t.out_w, kRun);
  t.places = simt::Places(out_h, runs, t.channels / 4);
  return simt::each(call, samples * out_h * runs * (t.channels / 4),
                    [=] __device__(int64_t number) { correlate_threes<turned>(t, number); });
}

// The nine chains of one chunk of positions in N channels, which share dy. `kAhead` positions are on their way at once.
template <int N, int kAhead>
__device__ inline void chunk_of_threes(const Depthwise& d, int64_t sample, int chunk, int channel,
                                       float (&sum)[9][N]) {
  const int wide = d.wide(), positions = d.h.outputs * d.w.outputs, begin = chunk * static_cast<int>(kPositionChunk);
  const int end = static_cast<int>(simt::least(positions, begin + kPositionChunk));
  const float* x = d.x + d.x_places.first(sample) + d.by_multiplier.quotient(channel);
  const float* dy = d.dy + d.y_places.first(sample) + channel;
  int oh = d.by_outputs.quotient(begin), ow = begin - oh * d.w.outputs;
#pragma unroll
  for (int tap = 0; tap < 9; ++tap)
#pragma unroll
    for (int i = 0; i < N; ++i) sum[tap][i] = 0.0f;
  for (int p = begin; p < end; p += kAhead) {
    float value[kAhead][9][N], gradient[kAhead][N];
    bool there[kAhead][9];
#pragma unroll
    for (int ahead = 0; ahead < kAhead; ++ahead) {
      const bool inside = p + ahead < end;
      if (inside) simt::read(dy + (p + ahead) * wide, gradient[ahead]);
#pragma unroll
      for (int tap = 0; tap < 9; ++tap) {
        const int row = d.h.input(oh, tap / 3), column = d.w.input(ow, tap % 3);
        there[ahead][tap] = inside && d.h.holds(row) && d.w.holds(column);
        if (there[ahead][tap]) simt::read(x + d.x_places.of(row, column, 0), value[ahead][tap]);
      }
      if (++ow == d.w.outputs) ow = 0, ++oh;
    }
#pragma unroll
    for (int ahead = 0; ahead < kAhead; ++ahead)
#pragma unroll
      for (int tap = 0; tap < 9; ++tap) {
        if (!there[ahead][tap]) continue;
#pragma unroll
        for (int i = 0; i < N; ++i)
          sum[tap][i] = numerics::fma(value[ahead][tap][i], gradient[ahead][i], sum[tap][i]);
      }
  }
}

// Sums of chunks to items [samples, chunks, 9, wide], or added to dw as they arrive.
template <Mode mode, int N, int kAhead>
Status chunks_of_threes(const Call& call, const Depthwise& d, int64_t samples, int64_t chunks, float* items) noexcept {
  const int64_t size = 9 * static_cast<int64_t>(d.y_places.by_channels.by), groups = size / 9 / N;
  const simt::Places places(chunks, 1, groups);
  return simt::each(call, samples * chunks * groups, [=] __device__(int64_t number) {
    const simt::Place p = places.at(number);
    const int wide = d.wide(), channel = p.channel * N;
    float sum[9][N];
    chunk_of_threes<N, kAhead>(d, p.sample, p.row, channel, sum);
    float* to = mode == Mode::kAtomic ? items + channel : items + (p.sample * chunks + p.row) * size + channel;
#pragma unroll
    for (int tap = 0; tap < 9; ++tap) {
      if constexpr (mode == Mode::kAtomic) {
#pragma unroll
        for (int i = 0; i < N; ++i) atomicAdd(to + tap * wide + i, sum[tap][i]);
      } else {
        simt::write(to + tap * wide, sum[tap]);
      }
    }
  });
}

}  // namespace samebits
