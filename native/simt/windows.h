// Windows of pooling over NHWC pictures, as a kernel sees them: which inputs a window covers, and which windows cover
// an input. One thread has one element; elements are numbered with the channels fastest.
#pragma once

#include "core/pool2d.h"
#include "simt/places.h"

namespace samebits::simt {

struct Span {
  int begin, end;
};

// One axis of a window.
struct WindowAxis {
  int inputs, outputs, kernel, stride, pad;
  Divider by_stride;

  __device__ int first(int output) const { return output * stride - pad; }
  __device__ Span covered(int output) const {
    const int from = first(output);
    return {from > 0 ? from : 0, from + kernel < inputs ? from + kernel : inputs};
  }
  __device__ Span covering(int input) const {
    const int reach = input + pad, before = reach - kernel + stride, last = by_stride.quotient(reach) + 1;
    return {reach >= kernel ? by_stride.quotient(before) : 0, last < outputs ? last : outputs};
  }
};

struct Windows {
  WindowAxis h, w;
  Places x, y;
  int64_t inputs, outputs;  // of all samples

  bool overlap() const { return h.stride < h.kernel || w.stride < w.kernel; }
};

// Counts within a sample, its padding too, are those of 32 bits.
inline Status check_windows(const char* who, const Pool2d& s, const View& x, const View& y) noexcept {
  return check_places(who, {s.stride_h, s.stride_w, s.pad_top + x.shape[1] + s.pad_bottom,
                            s.pad_left + x.shape[2] + s.pad_right, per_sample(x), per_sample(y)});
}

inline Windows windows_of(const Pool2d& s, const View& x, const View& y) noexcept {
  const auto axis = [&](int at, int64_t kernel, int64_t stride, int64_t pad) {
    return WindowAxis{static_cast<int>(x.shape[at]), static_cast<int>(y.shape[at]), static_cast<int>(kernel),
                      static_cast<int>(stride),      static_cast<int>(pad),         Divider(stride)};
  };
  return {axis(1, s.kernel_h, s.stride_h, s.pad_top),
          axis(2, s.kernel_w, s.stride_w, s.pad_left),
          Places(x),
          Places(y),
          x.size(),
          y.size()};
}

}  // namespace samebits::simt
