#include "ops/conv2d/conv2d.h"

#include <initializer_list>

#define SAMEBITS_BODY "ops/conv2d/conv2d_body.h"
#include "simd/foreach_isa.h"

namespace samebits {
namespace conv2d_contract {
namespace {

long long ll(int64_t value) { return static_cast<long long>(value); }

Status check_tensor(const View& view, const char* name, int64_t n, int64_t h, int64_t w, int64_t c) noexcept {
  if (view.rank == 4 && view.shape[0] == n && view.shape[1] == h && view.shape[2] == w && view.shape[3] == c) return {};
  return refuse(StatusCode::kShape, "conv2d: expected %s [%lld, %lld, %lld, %lld], got %d axes and %lld values", name, ll(n), ll(h),
                ll(w), ll(c), view.rank, ll(view.size()));
}

Status check_positive(const View& view, const char* name) noexcept {
  bool positive = view.rank == 4;
  for (int axis = 0; axis < view.rank; ++axis) positive = positive && view.shape[axis] > 0;
  if (positive) return {};
  return refuse(StatusCode::kShape, "conv2d: expected %s with 4 axes of length >= 1, got %d axes and %lld values", name, view.rank,
                ll(view.size()));
}

// Places along one axis of the output; 0 when the kernel does not fit.
int64_t places(int64_t size, int64_t before, int64_t after, int64_t taps, int64_t stride, int64_t dilation) noexcept {
  const int64_t slack = size + before + after - (taps - 1) * dilation - 1;
  return slack < 0 ? 0 : slack / stride + 1;
}

// Settings and the three shapes of a convolution: x, weight and y belong together.
Status check_shapes(const Settings& s, const View& x, const View& weight, const View& y) noexcept {
  constexpr int64_t kLimit = int64_t{1} << 31;
  for (const int64_t value : {s.stride_h, s.stride_w, s.dilation_h, s.dilation_w, s.groups})
    if (value < 1 || value > kLimit)
      return refuse(StatusCode::kArgument, "conv2d: expected strides, dilations and groups >= 1, got %lld", ll(value));
  for (const int64_t value : {s.pad_top, s.pad_bottom, s.pad_left, s.pad_right})
    if (value < 0 || value > kLimit) return refuse(StatusCode::kArgument, "conv2d: expected padding >= 0, got %lld", ll(value));
  for (const Status& status : {check_positive(x, "x"), check_positive(weight, "weight"), check_positive(y, "y")})
    if (!status.ok()) return status;
  if (weight.shape[0] > kLimit || weight.shape[1] > kLimit || x.shape[3] != weight.shape[2] * s.groups ||
      weight.shape[3] % s.groups != 0)
    return refuse(StatusCode::kShape, "conv2d: expected weight [*, *, %lld / %lld, a multiple of %lld], got [*, *, %lld, %lld]",
                  ll(x.shape[3]), ll(s.groups), ll(s.groups), ll(weight.shape[2]), ll(weight.shape[3]));
  const int64_t oh = places(x.shape[1], s.pad_top, s.pad_bottom, weight.shape[0], s.stride_h, s.dilation_h);
  const int64_t ow = places(x.shape[2], s.pad_left, s.pad_right, weight.shape[1], s.stride_w, s.dilation_w);
  if (oh < 1 || ow < 1)
    return refuse(StatusCode::kShape, "conv2d: expected a kernel that fits the padded input, got [%lld, %lld] on [%lld, %lld]",
                  ll(weight.shape[0]), ll(weight.shape[1]), ll(x.shape[1]), ll(x.shape[2]));
  return check_tensor(y, "y", x.shape[0], oh, ow, weight.shape[3]);
}

Status check_columns(const View& view, const char* name, int64_t co) noexcept {
  if (!view.given() || (view.rank == 1 && view.shape[0] == co)) return {};
  return refuse(StatusCode::kShape, "conv2d: expected %s [%lld], got %d axes and %lld values", name, ll(co), view.rank, ll(view.size()));
}

}  // namespace

Status check_forward(const Call& call) noexcept {
  Status status = check_fused("conv2d", call.as<Settings>().fused, fused::kWithOptions);
  if (status.ok()) status = check_shapes(call.as<Settings>(), call.tensors[0], call.tensors[1], call.tensors[3]);
  return status.ok() ? check_columns(call.tensors[2], "bias", call.tensors[1].shape[3]) : status;
}

Status check_input_gradient(const Call& call) noexcept {
  return check_shapes(call.as<Settings>(), call.tensors[2], call.tensors[1], call.tensors[0]);
}

Status check_weight_gradient(const Call& call) noexcept {
  const Status status = check_shapes(call.as<Settings>(), call.tensors[0], call.tensors[2], call.tensors[1]);
  return status.ok() ? check_columns(call.tensors[3], "db", call.tensors[2].shape[3]) : status;
}

Status check_bias_gradient(const Call& call) noexcept {
  const View& dy = call.tensors[0];
  const int64_t groups = call.as<Settings>().groups;
  const Status status = check_positive(dy, "dy");
  if (!status.ok()) return status;
  if (groups < 1 || dy.shape[3] % groups != 0)
    return refuse(StatusCode::kArgument, "conv2d: expected groups that divide %lld channels, got %lld", ll(dy.shape[3]), ll(groups));
  return check_columns(call.tensors[1], "db", dy.shape[3]);
}

}  // namespace conv2d_contract

using namespace conv2d_contract;

static constexpr Kernel kKernels[] = {
    {kForwardContract, SAMEBITS_EACH_ISA(k_conv2d_forward)},
    {kInputGradientContract, SAMEBITS_EACH_ISA(k_conv2d_input_gradient)},
    {kWeightGradientContract, SAMEBITS_EACH_ISA(k_conv2d_weight_gradient)},
    {kBiasGradientContract, SAMEBITS_EACH_ISA(k_conv2d_bias_gradient)},
};

extern const OpEntry conv2d_op;
const OpEntry conv2d_op = op_entry("conv2d", kKernels);

}  // namespace samebits
