// The loops of conv2d; compiled once per instruction set. The includes are fragments of this body.
#include "simd/tile.h"
#include "simd/gradient_tile.h"
#include "simd/gate.h"
#include "ops/conv2d/conv2d_correlate.h"
#include "ops/conv2d/conv2d_across.h"
#include "ops/conv2d/conv2d_narrow.h"
#include "ops/conv2d/conv2d_weight_gradient.h"
#include "ops/conv2d/conv2d_narrow_gradient.h"
#include "ops/conv2d/conv2d_levels.h"
#include "ops/conv2d/conv2d_batch.h"
#include "ops/conv2d/conv2d_weight_sum.h"

using conv2d_contract::Settings;

static Status out_of_memory() noexcept { return refuse(StatusCode::kMemory, "conv2d: expected scratch memory, got none"); }

// Every output is gathered by one owner. False when scratch memory is out.
static bool gather_outputs(Context& context, const Correlation& c) noexcept {
  if (takes_narrow(c)) return correlate_narrow(context, c);
  return takes_across(c) ? correlate_across(context, c) : correlate(context, c);
}

static Status conv2d_forward(const Call& call) noexcept {
  const Settings& s = call.as<Settings>();
  const View &x = call.tensors[0], &weight = call.tensors[1], &bias = call.tensors[2], &y = call.tensors[3];
  const int64_t co = weight.shape[3];
  Correlation c{};
  c.h = {y.shape[1], 0, 1, s.stride_h, -s.pad_top, s.dilation_h, weight.shape[0], x.shape[1]};
  c.w = {y.shape[2], 0, 1, s.stride_w, -s.pad_left, s.dilation_w, weight.shape[1], x.shape[2]};
  c.panels = {co / s.groups};
  c.samples = x.shape[0];
  c.groups = s.groups;
  c.depth = weight.shape[2];
  c.source = x.f32();
  c.out = y.f32();
  c.out_h = y.shape[1];
  c.out_w = y.shape[2];
  c.fused = s.fused;
  c.outlet = Outlet(*call.context, y, c.panels.columns);

  float* packed = call.context->scratch_of<float>(static_cast<size_t>(c.groups * c.group_weights()));
  float* packed_bias = call.context->scratch_of<float>(static_cast<size_t>(c.groups * c.panels.padded()));
  if (packed == nullptr || packed_bias == nullptr) return out_of_memory();
  call.context->parallel(c.groups * c.panels.count(), [&](int64_t task, int) {
    const int64_t group = task / c.panels.count(), panel = task % c.panels.count();
    const int64_t column = group * c.panels.columns + panel * kTileColumns;
    const int vectors = c.panels.vectors(panel);
    float* to = packed + group * c.group_weights() + panel * kTileColumns * c.terms();
    for (int64_t k = 0; k < c.terms(); ++k)
      for (int v = 0; v < vectors; ++v, to += 16)
        store(to, load_some(weight.f32() + k * co + column + v * 16, c.panels.lanes(panel, v)));
    for (int v = 0; v < vectors && bias.given(); ++v)
      store(packed_bias + group * c.panels.padded() + panel * kTileColumns + v * 16,
            load_some(bias.f32() + column + v * 16, c.panels.lanes(panel, v)));
  });
  c.weights = packed;
  c.bias = bias.given() ? packed_bias : nullptr;
  return gather_outputs(*call.context, c) ? Status{} : out_of_memory();
}

// The taps by which the inputs of one residue modulo the stride are read, from the highest tap (the lowest output) down.
struct Residue {
  Axis axis;
  int64_t highest, step;  // tap t of the axis is tap highest - t * step of the weight
};

static Residue residue_of(int64_t residue, int64_t inputs, int64_t outputs, int64_t taps, int64_t stride, int64_t dilation,
                          int64_t pad) {
  Residue r{{(inputs - residue + stride - 1) / stride, residue, stride, 1, 0, 1, 0, outputs}, 0, 1};
  for (int64_t tap = taps - 1; tap >= 0; --tap) {
    const int64_t reach = residue + pad - tap * dilation;
    if (reach % stride != 0) continue;
    if (r.axis.taps == 0) {
      r.highest = tap;
      r.axis.first = reach / stride;
    } else if (r.axis.taps == 1) {
      r.step = r.highest - tap;
      r.axis.spacing = reach / stride - r.axis.first;
    }
    ++r.axis.taps;
  }
  return r;
}

template <class Run>
static Status conv2d_input_gradient(const Call& call, Run run) noexcept {
  const Settings& s = call.as<Settings>();
  const View &dy = call.tensors[0], &weight = call.tensors[1], &dx = call.tensors[2];
  const int64_t kh = weight.shape[0], kw = weight.shape[1], depth = weight.shape[2], co = weight.shape[3];
  Correlation c{};
  c.panels = {depth};
  c.samples = dx.shape[0];
  c.groups = s.groups;
  c.depth = co / s.groups;
  c.source = dy.f32();
  c.out = dx.f32();
  c.out_h = dx.shape[1];
  c.out_w = dx.shape[2];
  c.outlet = Outlet(*call.context, dx, c.panels.columns);
  float* packed = call.context->scratch_of<float>(static_cast<size_t>(co * kh * kw * c.panels.padded()));
  if (packed == nullptr) return out_of_memory();
  c.weights = packed;

  for (int64_t rh = 0; rh < least(s.stride_h, dx.shape[1]); ++rh) {
    const Residue h = residue_of(rh, dx.shape[1], dy.shape[1], kh, s.stride_h, s.dilation_h, s.pad_top);
    for (int64_t rw = 0; rw < least(s.stride_w, dx.shape[2]); ++rw) {
      const Residue w = residue_of(rw, dx.shape[2], dy.shape[2], kw, s.stride_w, s.dilation_w, s.pad_left);
      c.h = h.axis;
      c.w = w.axis;
      call.context->parallel(c.groups * c.panels.count(), [&](int64_t task, int) {
        const int64_t group = task / c.panels.count(), panel = task % c.panels.count();
        const int64_t width = c.panels.width(panel), padded = c.panels.vectors(panel) * 16;
        float* to = packed + group * c.group_weights() + panel * kTileColumns * c.terms();
        for (int64_t th = 0; th < c.h.taps; ++th) {
          for (int64_t tw = 0; tw < c.w.taps; ++tw, to += c.depth * padded) {
            const float* tap = weight.f32() + ((h.highest - th * h.step) * kw + w.highest - tw * w.step) * depth * co +
                               panel * kTileColumns * co + group * c.depth;
            for (int64_t column = 0; column < padded; ++column)
              for (int64_t k = 0; k < c.depth; ++k) to[k * padded + column] = column < width ? tap[column * co + k] : 0.0f;
          }
        }
      });
      if (!run(*call.context, c)) return out_of_memory();
    }
  }
  return {};
}

static Status conv2d_input_gradient_gathered(const Call& call) noexcept {
  return conv2d_input_gradient(call, gather_outputs);
}

static Status conv2d_input_gradient_scattered(const Call& call) noexcept {
  return conv2d_input_gradient(call, [](Context& context, const Correlation& c) { return correlate_scatter(context, c); });
}

inline constexpr ModePair k_conv2d_forward{{conv2d_forward, conv2d_forward}};
inline constexpr ModePair k_conv2d_input_gradient{{conv2d_input_gradient_gathered, conv2d_input_gradient_scattered}};
inline constexpr ModePair k_conv2d_weight_gradient{{conv2d_weight_gradient<false>, conv2d_weight_gradient<true>}};
inline constexpr ModePair k_conv2d_bias_gradient{{conv2d_bias_gradient<false>, conv2d_bias_gradient<true>}};
