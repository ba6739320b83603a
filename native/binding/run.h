// The calls that compute.
#pragma once

#include <napi.h>

namespace samebits {

Napi::Value run(const Napi::CallbackInfo& info);
Napi::Value run_async(const Napi::CallbackInfo& info);
Napi::Value gather_by_sample(const Napi::CallbackInfo& info);

}  // namespace samebits
