// The check that every elementwise kernel shares: all tensors have as many values as the first.
#pragma once

#include "core/kernel.h"

namespace samebits {

inline Status check_elementwise(const Call& call) noexcept {
  const long long values = static_cast<long long>(call.tensors[0].size());
  for (int i = 1; i < call.tensor_count; ++i)
    if (call.tensors[i].given() && call.tensors[i].size() != values)
      return refuse(StatusCode::kShape, "elementwise: expected %lld values in every tensor, got %lld", values,
                    static_cast<long long>(call.tensors[i].size()));
  return {};
}

}  // namespace samebits
