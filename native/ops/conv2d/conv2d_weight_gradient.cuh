// The weight gradient as tiles of chains: rows are (kh, kw, ci), columns co, and a chain runs over the positions of one
// chunk of one sample, in atomic mode over a few chunks.
#pragma once

#include "ops/conv2d/conv2d_geometry.cuh"
#include "simt/chains.h"
#include "simt/positions.h"

namespace samebits {

template <Mode mode>
struct ConvWeightGradient {
  static constexpr bool arriving = mode == Mode::kAtomic;
  static constexpr bool kAlongRows = true, kAlongColumns = true;
  int64_t batches, rows, columns;  // batches: samples, pieces, groups
  ConvGeometry g;
  int64_t piece, pieces, first_sample;
  const float *x, *dy;
  float* dw;

  struct Row {
    int64_t first;    // of the sample and channel, in x
    int row, column;  // that the tap reads for the first output
  };
  struct Term {
    int row, column;  // that output's first tap less the first output's
  };
  using Out = float*;

  struct At {
    const float* dy;  // of the piece's first position and the group
    int64_t sample;
    int begin, group;  // begin: the piece's first position
  };
  __device__ At at(int64_t batch) const {
    const int group = static_cast<int>(batch % g.groups);
    const int64_t of_group = batch / g.groups, sample = of_group / pieces;
    const int begin = static_cast<int>((of_group - sample * pieces) * piece);
    return {dy + ((first_sample + sample) * g.positions + begin) * g.wide + group * g.width, sample, begin, group};
  }
  __device__ int64_t depth(const At& b) const { return simt::least(piece, g.positions - b.begin); }
  __device__ Row row(const At& b, int64_t r) const {
    const ConvTap t = conv_tap(g, g.by_depth, static_cast<int>(r));
    return {g.sample_of_x(first_sample + b.sample) + b.group * g.depth + t.channel, g.h.input(0, t.kh),
            g.w.input(0, t.kw)};
  }
  __device__ Term term(const At& b, int64_t k) const {
    const int position = b.begin + static_cast<int>(k), oh = g.by_outputs.quotient(position);
    return {oh * g.h.stride, (position - oh * g.w.outputs) * g.w.stride};
  }
  __device__ bool left(const Row& r, const Term& t, float& value) const {
    const int row = r.row + t.row, column = r.column + t.column;
    if (!g.h.holds(row) || !g.w.holds(column)) return false;
    value = x[r.first + g.at_x(row, column)];
    return true;
  }
  __device__ float right(const At& b, int64_t k, int64_t column) const { return b.dy[k * g.wide + column]; }
  __device__ Out out(const At& b, int64_t r) const {
    const int64_t item = arriving ? 0 : b.sample * pieces + b.begin / piece;
    return dw + (item * rows + r) * g.wide + b.group * g.width;
  }
  __device__ void store(Out out, int64_t column, float sum) const {
    if constexpr (arriving)
      atomicAdd(out + column, sum);
    else
      out[column] = sum;
  }
};

// Scratch memory for the chunks of this many samples at once; more samples come in turns. It depends on shapes alone.
inline int64_t samples_at_once(int64_t samples, int64_t item) noexcept {
  constexpr int64_t kFloats = int64_t{64} << 20;
  return simt::least(samples, simt::most(1, kFloats / simt::most(1, item)));
}

template <Mode mode>
Status conv_weight_gradient(const Call& call) noexcept {
  const View &x = call.tensors[0], &dy = call.tensors[1], &dw = call.tensors[2];
  ConvWeightGradient<mode> p{};
  p.g = conv_geometry(call.as<Settings>(), x, dw, dy);
  p.rows = static_cast<int64_t>(p.g.h.taps) * p.g.w.taps * p.g.depth;
  p.columns = p.g.width;
  p.piece = p.arriving ? 4 * kPositionChunk : kPositionChunk;
  p.pieces = ceil_div(p.g.positions, p.piece);
  p.x = x.f32();
  p.dy = dy.f32();
  if constexpr (mode == Mode::kAtomic) {
    p.dw = dw.f32();
    p.batches = p.g.samples * p.pieces * p.g.groups;
    const Status status = simt::clear(call, p.dw, dw.size());
    return status.ok() ? simt::chains(call, p) : status;
  }
  const int64_t size = dw.size(), turn = samples_at_once(p.g.samples, p.pieces * size);
  p.dw = call.context->scratch_of<float>(static_cast<size_t>(turn * p.pieces * size));
  float* sums = call.context->scratch_of<float>(static_cast<size_t>(p.g.samples * size));
  if (p.dw == nullptr || sums == nullptr) return simt::out_of_memory("conv2d");
  Status status;
  for (; p.first_sample < p.g.samples && status.ok(); p.first_sample += turn) {
    const int64_t samples = simt::least(turn, p.g.samples - p.first_sample);
    p.batches = samples * p.pieces * p.g.groups;
    status = simt::chains(call, p);
    if (status.ok()) status = simt::join_into(call, p.dw, samples, p.pieces, size, sums + p.first_sample * size);
  }
  return status.ok() ? simt::join_into(call, sums, 1, p.g.samples, size, dw.f32()) : status;
}

}  // namespace samebits
