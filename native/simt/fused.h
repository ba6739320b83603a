// The activations of core/fused.h in CUDA kernels: as a function that a kernel is told of, or as an instance of the kernel for each.
#pragma once

#include "core/fused.h"
#include "simt/launch.h"

namespace samebits::simt {

// y of z, for an activation whose gradient y tells.
__device__ inline float activated(const Fused& applied, float z) {
  if (applied.activation == fused::kNone) return z;
  if (applied.activation == fused::kRelu) return activation_of::PlainRelu::value({}, z);
  return activation_of::Relu::value(applied.options, z);
}

// visit(F{}, its settings) for any activation F.
template <class Visit>
Status visit_fused(const Fused& applied, const Visit& visit) noexcept {
  using activation_of::NoSettings;
  switch (applied.activation) {
    case fused::kRelu: return visit(activation_of::PlainRelu{}, NoSettings{});
    case fused::kWithOptions: return visit(activation_of::Relu{}, applied.options);
    case fused::kHardSigmoid: return visit(activation_of::HardSigmoid{}, NoSettings{});
    case fused::kHardSwish: return visit(activation_of::HardSwish{}, NoSettings{});
    default: return visit(activation_of::None{}, NoSettings{});
  }
}

}  // namespace samebits::simt
