// How faults of a device are told, and whether somebody looks for one.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "core/kernel.h"

namespace samebits {

// Whether SAMEBITS_CUDA_CHECK=1 is in the environment.
inline bool asked_to_check() noexcept {
  const char* asked = std::getenv("SAMEBITS_CUDA_CHECK");
  return asked != nullptr && std::strcmp(asked, "1") == 0;
}

// A fault of the device with the kernel and the shapes that it was asked for.
inline Status told_of(const Kernel& kernel, const Call& call, const Status& status) noexcept {
  char shapes[120] = "";
  size_t at = 0;
  for (int i = 0; i < call.tensor_count && at < sizeof shapes; ++i) {
    at += static_cast<size_t>(std::snprintf(shapes + at, sizeof shapes - at, "%s%s [", i > 0 ? ", " : "", kernel.tensors[i].name));
    for (int axis = 0; axis < call.tensors[i].rank && at < sizeof shapes; ++axis)
      at += static_cast<size_t>(std::snprintf(shapes + at, sizeof shapes - at, "%s%lld", axis > 0 ? "," : "",
                                              static_cast<long long>(call.tensors[i].shape[axis])));
    if (at < sizeof shapes) at += static_cast<size_t>(std::snprintf(shapes + at, sizeof shapes - at, "]"));
  }
  char others[40] = "";
  if (call.other_count > 0) std::snprintf(others, sizeof others, " and %d calls behind it", call.other_count);
  return refuse(status.code, "%s: %s; %s%s", kernel.name, status.message + std::strlen("cuda: "), shapes, others);
}

}  // namespace samebits
