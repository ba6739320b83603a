// average_pool2d: y = the chain of adds from +0, ascending (kh, kw), over the window's inputs, divided by their number.
// Gradient: dx gathers, ascending (oh, ow), acc + dy / count from +0, over the windows that cover it.
// Atomic: on the CPU, where windows overlap the gradient is scattered and added as it arrives; on CUDA it gathers, as in
// deterministic mode.
#pragma once

#include "core/pool2d.h"

namespace samebits::average_pool2d_contract {

inline constexpr TensorSlot kForward[] = {input("x"), output("y")};
inline constexpr TensorSlot kInputGradient[] = {input("dy"), output("dx")};

inline Status check_forward(const Call& call) noexcept {
  return check_pool2d("average_pool2d", call.as<Pool2d>(), call.tensors[0], call.tensors[1]);
}
inline Status check_input_gradient(const Call& call) noexcept {
  return check_pool2d("average_pool2d", call.as<Pool2d>(), call.tensors[1], call.tensors[0]);
}

inline constexpr Contract kForwardContract =
    contract("average_pool2d.forward", kForward, kPool2dFields, check_forward, {Order::kChain});
inline constexpr Contract kInputGradientContract =
    contract("average_pool2d.inputGradient", kInputGradient, kPool2dFields, check_input_gradient, {Order::kChain, Part::kRows});

}  // namespace samebits::average_pool2d_contract
