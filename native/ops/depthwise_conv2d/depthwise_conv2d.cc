#include "ops/depthwise_conv2d/depthwise_conv2d.h"

#define SAMEBITS_BODY "ops/depthwise_conv2d/depthwise_conv2d_body.h"
#include "simd/foreach_isa.h"

namespace samebits {
namespace depthwise_conv2d_contract {
namespace {

// Outputs along one axis, or -1 when the window is larger than the padded input.
int64_t outputs(int64_t inputs, int64_t taps, int64_t stride, int64_t dilation, int64_t before, int64_t after) {
  const int64_t room = inputs + before + after - ((taps - 1) * dilation + 1);
  return room < 0 ? -1 : room / stride + 1;
}

// Guards memory for any of the three: x-like, weight-like and y-like tensors must fit together.
Status check_shapes(const Call& call, const View& x, const View& weight, const View& y) noexcept {
  const auto& s = call.as<Settings>();
  if (x.rank != 4 || weight.rank != 4 || y.rank != 4)
    return refuse(StatusCode::kShape, "depthwise_conv2d: expected x, weight and y with 4 axes, got other ranks");
  if (s.stride_h < 1 || s.stride_w < 1 || s.dilation_h < 1 || s.dilation_w < 1)
    return refuse(StatusCode::kArgument, "depthwise_conv2d: expected strides and dilations >= 1, got less");
  if (s.pad_top < 0 || s.pad_bottom < 0 || s.pad_left < 0 || s.pad_right < 0)
    return refuse(StatusCode::kArgument, "depthwise_conv2d: expected paddings >= 0, got less");
  if (weight.size() < 1 || weight.shape[2] != x.shape[3])
    return refuse(StatusCode::kShape, "depthwise_conv2d: expected weight [kh, kw, %lld, m], got %lld channels",
                  static_cast<long long>(x.shape[3]), static_cast<long long>(weight.shape[2]));
  const int64_t oh = outputs(x.shape[1], weight.shape[0], s.stride_h, s.dilation_h, s.pad_top, s.pad_bottom);
  const int64_t ow = outputs(x.shape[2], weight.shape[1], s.stride_w, s.dilation_w, s.pad_left, s.pad_right);
  const int64_t channels = weight.shape[2] * weight.shape[3];
  if (oh < 1 || ow < 1)
    return refuse(StatusCode::kShape, "depthwise_conv2d: expected a kernel no larger than the padded input, got a larger one");
  if (y.shape[0] != x.shape[0] || y.shape[1] != oh || y.shape[2] != ow || y.shape[3] != channels)
    return refuse(StatusCode::kShape, "depthwise_conv2d: expected y [%lld, %lld, %lld, %lld], got another shape",
                  static_cast<long long>(x.shape[0]), static_cast<long long>(oh), static_cast<long long>(ow),
                  static_cast<long long>(channels));
  return {};
}

}  // namespace

Status check_forward(const Call& call) noexcept {
  return check_shapes(call, call.tensors[0], call.tensors[1], call.tensors[2]);
}
Status check_input_gradient(const Call& call) noexcept {
  return check_shapes(call, call.tensors[2], call.tensors[1], call.tensors[0]);
}
Status check_weight_gradient(const Call& call) noexcept {
  return check_shapes(call, call.tensors[0], call.tensors[2], call.tensors[1]);
}

static constexpr Kernel kKernels[] = {
    {kForwardContract, SAMEBITS_EACH_ISA(k_depthwise_forward)},
    {kInputGradientContract, SAMEBITS_EACH_ISA(k_depthwise_input_gradient)},
    {kWeightGradientContract, SAMEBITS_EACH_ISA(k_depthwise_weight_gradient)},
};

}  // namespace depthwise_conv2d_contract

extern const OpEntry depthwise_conv2d_op;
const OpEntry depthwise_conv2d_op = op_entry("depthwise_conv2d", depthwise_conv2d_contract::kKernels);

}  // namespace samebits
