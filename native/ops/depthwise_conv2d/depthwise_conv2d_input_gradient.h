// Input gradient: every input gathers; a sum is never split, so both modes are the same.
// Fragment of depthwise_conv2d_body.h.

// The output that reads `input` by `tap`, or -1.
static inline int64_t depthwise_reader(const TapAxis& axis, int64_t input, int64_t tap) {
  const int64_t reach = input + axis.pad - tap * axis.dilation;
  if (reach < 0 || reach % axis.stride != 0) return -1;
  const int64_t output = reach / axis.stride;
  return output < axis.outputs ? output : -1;
}

// dx of input row `h` for n channels from c.
static void depthwise_gather_any(const DepthwiseShape& s, const float* dy, const float* weight, float* dx, const Outlet& out,
                                 int64_t h, int64_t c, int n) {
  for (int64_t w = 0; w < s.w.inputs; ++w) {
    F32x16 sum = zero();
    // Descending taps are ascending outputs.
    for (int64_t kh = s.h.taps - 1; kh >= 0; --kh) {
      const int64_t oh = depthwise_reader(s.h, h, kh);
      if (oh < 0) continue;
      for (int64_t kw = s.w.taps - 1; kw >= 0; --kw) {
        const int64_t ow = depthwise_reader(s.w, w, kw);
        if (ow < 0) continue;
        const float* from = dy + (oh * s.w.outputs + ow) * s.out_channels;
        const float* by = weight + (kh * s.w.taps + kw) * s.out_channels;
        if (s.multiplier == 1) {
          sum = fma(load_some(from + c, n), load_some(by + c, n), sum);
          continue;
        }
        for (int64_t q = 0; q < s.multiplier; ++q) {
          float values[16] = {}, weights[16] = {};
          for (int i = 0; i < n; ++i) {
            values[i] = from[(c + i) * s.multiplier + q];
            weights[i] = by[(c + i) * s.multiplier + q];
          }
          sum = fma(load(values), load(weights), sum);
        }
      }
    }
    out.put(dx + w * s.channels + c, sum, n);
  }
}

static Status depthwise_input_gradient(const Call& call) noexcept {
  const View &ys = call.tensors[0], &ws = call.tensors[1], &xs = call.tensors[2];
  const DepthwiseShape s = depthwise_shape(call, xs, ws, ys);
  const float* weight = ws.f32();
  // With stride 1 the gather is a forward pass over dy with the taps turned round: input w reads outputs
  // w + pad - tap * dilation, ascending from the highest tap.
  const TapAxis turned_h{s.h.outputs, s.h.inputs, s.h.taps, 1, s.h.dilation, (s.h.taps - 1) * s.h.dilation - s.h.pad};
  const TapAxis turned_w{s.w.outputs, s.w.inputs, s.w.taps, 1, s.w.dilation, (s.w.taps - 1) * s.w.dilation - s.w.pad};
  const bool fast = s.multiplier == 1 && s.h.taps == 3 && s.w.taps == 3 && s.h.stride == 1 && s.w.stride == 1;
  const DepthwisePass pass(turned_h, turned_w, s.channels, Outlet(*call.context, xs, s.channels));
  const int64_t blocks = ceil_div(s.h.inputs, kDepthwiseRows);
  call.context->parallel(s.samples * blocks, [&, weight](int64_t task, int) {
    const int64_t n = task / blocks, begin = task % blocks * kDepthwiseRows;
    const float* dy = ys.f32() + n * s.h.outputs * s.w.outputs * s.out_channels;
    for (int64_t h = begin; h < least(s.h.inputs, begin + kDepthwiseRows); ++h) {
      float* dx = xs.f32() + (n * s.h.inputs + h) * s.w.inputs * s.channels;
      const int64_t done = fast ? pass.row(dy, h, weight + 8 * s.channels, -s.channels, dx) : 0;
      for (int64_t c = done; c < s.channels; c += 16)
        depthwise_gather_any(s, dy, weight, dx, pass.walk.out, h, c, static_cast<int>(least(16, s.channels - c)));
    }
  });
  return {};
}
