// What the addon says of itself: contract, instruction sets, devices, and every kernel with what its contract states.
#pragma once

#include <napi.h>

namespace samebits {

Napi::Value capabilities(const Napi::CallbackInfo& info);

}  // namespace samebits
