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
  static constexpr int kMostRows = 128;
  int64_t batches, rows, columns;  // batches: samples, pieces, groups
  ConvGeometry g;
  int64_t piece, pieces, first_sample;
  const float *x, *dy;
  float* dw;
  simt::Divider by_groups, by_pieces;

  bool by_fours() const noexcept {
    return simt::are_fours({g.depth, g.width}) && simt::begin_at_fours({x, dy, dw});
  }

  struct Row {
    int64_t first;    // of what the tap reads for the first output, in x; it may lie outside
    int row, column;  // of that input
  };
  struct Term {
    int row, column, ahead;  // of what is read for another output, less that
  };
  using Out = float*;

  struct At {
    const float* dy;  // of the piece's first position and the group
    int sample, piece, begin, group;  // begin: the piece's first position
  };
  __device__ At at(int batch) const {
    const int of_group = by_groups.quotient(batch), group = batch - of_group * g.groups;
    const int sample = by_pieces.quotient(of_group), number = of_group - sample * by_pieces.by;
    const int begin = number * static_cast<int>(piece);
    return {dy + ((first_sample + sample) * g.positions + begin) * g.wide + group * g.width, sample, number, begin,
            group};
  }
  __device__ int64_t depth(const At& b) const { return simt::least(piece, g.positions - b.begin); }
  __device__ Row row(const At& b, int64_t r) const {
    const ConvTap t = conv_tap(g, g.by_depth, static_cast<int>(r));
    const int row = g.h.input(0, t.kh), column = g.w.input(0, t.kw);
    return {(first_sample + b.sample) * g.of_x + g.at_x(row, column) + b.group * g.depth + t.channel, row, column};
  }
  __device__ Term term(const At& b, int k) const {
    const int position = b.begin + k, oh = g.by_outputs.quotient(position);
    const int row = oh * g.h.stride, column = (position - oh * g.w.outputs) * g.w.stride;
    return {row, column, g.at_x(row, column)};
  }
  template <int N>
  __device__ bool left(const Row& r, const Term& t, float (&values)[N]) const {
    if (!g.h.holds(r.row + t.row) || !g.w.holds(r.column + t.column)) return false;
    simt::read(x + r.first + t.ahead, values);
    return true;
  }
  template <int N>
  __device__ void right(const At& b, int k, int column, float (&values)[N]) const {
    simt::read(b.dy + (k * g.wide + column), values);
  }
  __device__ Out out(const At& b, int64_t r) const {
    const int64_t item = arriving ? 0 : static_cast<int64_t>(b.sample) * pieces + b.piece;
    return dw + (item * rows + r) * g.wide + b.group * g.width;
  }
  template <int N>
  __device__ void store(Out out, int column, float (&sums)[N]) const {
    if constexpr (arriving) {
#pragma unroll
      for (int i = 0; i < N; ++i) atomicAdd(out + column + i, sums[i]);
    } else {
      simt::write(out + column, sums);
    }
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
  p.by_groups = simt::Divider(p.g.groups);
  p.by_pieces = simt::Divider(p.pieces);
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
