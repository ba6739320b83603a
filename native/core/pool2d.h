// What the pooling operations share: windows over x [n, h, w, c], y [n, oh, ow, c], and the check of their shapes.
// Output (oh, ow) covers input rows oh * strideH - padTop + [0, kernelH), columns likewise; what lies outside is skipped.
// A dilated window reads of what it covers every dilationH-th row, from the first it covers, and columns likewise.
#pragma once

#include "core/kernel.h"

namespace samebits {

struct Pool2d {
  int64_t kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_bottom, pad_left, pad_right;
  // max_pool2d only.
  int64_t relu;  // 1 lets the gradient through only where the window's maximum is > 0
  int64_t dilation_h, dilation_w;
  // average_pool2d only: how much of the padding a window's number of inputs counts.
  int64_t count_top, count_bottom, count_left, count_right;
};

inline constexpr Field kPool2dEveryField[] = {
    {"countTop", FieldType::kInt, offsetof(Pool2d, count_top)},   {"countBottom", FieldType::kInt, offsetof(Pool2d, count_bottom)},
    {"countLeft", FieldType::kInt, offsetof(Pool2d, count_left)}, {"countRight", FieldType::kInt, offsetof(Pool2d, count_right)},
    {"kernelH", FieldType::kInt, offsetof(Pool2d, kernel_h)},   {"kernelW", FieldType::kInt, offsetof(Pool2d, kernel_w)},
    {"strideH", FieldType::kInt, offsetof(Pool2d, stride_h)},   {"strideW", FieldType::kInt, offsetof(Pool2d, stride_w)},
    {"padTop", FieldType::kInt, offsetof(Pool2d, pad_top)},     {"padBottom", FieldType::kInt, offsetof(Pool2d, pad_bottom)},
    {"padLeft", FieldType::kInt, offsetof(Pool2d, pad_left)},   {"padRight", FieldType::kInt, offsetof(Pool2d, pad_right)},
    {"relu", FieldType::kInt, offsetof(Pool2d, relu)},
    {"dilationH", FieldType::kInt, offsetof(Pool2d, dilation_h)}, {"dilationW", FieldType::kInt, offsetof(Pool2d, dilation_w)},
};
inline constexpr int kPool2dFieldCount = fields(kPool2dEveryField).count;
inline constexpr Fields kMaxPool2dFields = {kPool2dEveryField + 4, kPool2dFieldCount - 4};  // without the first four
inline constexpr Fields kAveragePool2dFields = {kPool2dEveryField, kPool2dFieldCount - 3};  // without the last three

// x (or dx) and y (or dy) belong together, and every window covers at least one input.
inline Status check_pool2d(const char* who, const Pool2d& s, const View& x, const View& y) noexcept {
  constexpr int64_t kLimit = int64_t{1} << 31;
  const auto ll = [](int64_t value) { return static_cast<long long>(value); };
  if (s.kernel_h < 1 || s.kernel_w < 1 || s.stride_h < 1 || s.stride_w < 1 || s.kernel_h > kLimit || s.kernel_w > kLimit ||
      s.stride_h > kLimit || s.stride_w > kLimit)
    return refuse(StatusCode::kArgument, "%s: expected kernel and stride >= 1, got kernel [%lld, %lld], stride [%lld, %lld]", who,
                  ll(s.kernel_h), ll(s.kernel_w), ll(s.stride_h), ll(s.stride_w));
  if (s.pad_top < 0 || s.pad_bottom < 0 || s.pad_left < 0 || s.pad_right < 0 || s.pad_top >= s.kernel_h ||
      s.pad_bottom >= s.kernel_h || s.pad_left >= s.kernel_w || s.pad_right >= s.kernel_w)
    return refuse(StatusCode::kArgument, "%s: expected padding >= 0 and smaller than the kernel, got [%lld, %lld, %lld, %lld]", who,
                  ll(s.pad_top), ll(s.pad_bottom), ll(s.pad_left), ll(s.pad_right));
  if (x.rank != 4 || y.rank != 4)
    return refuse(StatusCode::kShape, "%s: expected tensors with 4 axes, got %d and %d", who, x.rank, y.rank);
  for (int axis = 0; axis < 4; ++axis)
    if (x.shape[axis] < 1)
      return refuse(StatusCode::kShape, "%s: expected lengths >= 1, got %lld", who, ll(x.shape[axis]));
  const int64_t slack_h = x.shape[1] + s.pad_top + s.pad_bottom - s.kernel_h;
  const int64_t slack_w = x.shape[2] + s.pad_left + s.pad_right - s.kernel_w;
  if (slack_h < 0 || slack_w < 0)
    return refuse(StatusCode::kShape, "%s: expected a kernel that fits the padded input, got [%lld, %lld] on [%lld, %lld]", who,
                  ll(s.kernel_h), ll(s.kernel_w), ll(x.shape[1]), ll(x.shape[2]));
  const int64_t wanted[4] = {x.shape[0], slack_h / s.stride_h + 1, slack_w / s.stride_w + 1, x.shape[3]};
  for (int axis = 0; axis < 4; ++axis)
    if (y.shape[axis] != wanted[axis])
      return refuse(StatusCode::kShape, "%s: expected output [%lld, %lld, %lld, %lld], got %lld on axis %d", who, ll(wanted[0]),
                    ll(wanted[1]), ll(wanted[2]), ll(wanted[3]), ll(y.shape[axis]), axis);
  return {};
}

}  // namespace samebits
