// Reads what createRuntime is asked for.
#pragma once

#include <napi.h>

#include <memory>

#include "runtime/runtime.h"

namespace samebits {

// From (isa, mode, threads, device, names of kernels joined as they arrive, seed of the arrivals); the last three may be
// left out.
Target target_from(const Napi::CallbackInfo& info);

// The device named by the fourth argument; null for the CPU, which is also meant where it is left out.
std::shared_ptr<Device> device_from(const Napi::CallbackInfo& info);

}  // namespace samebits
