// The one place where a native refusal becomes a JavaScript error: its message, and a stable `code`.
#pragma once

#include <napi.h>

#include <string>

#include "core/status.h"

namespace samebits {

inline const char* code_name(StatusCode code) noexcept {
  switch (code) {
    case StatusCode::kOk: return "OK";
    case StatusCode::kShape: return "SHAPE";
    case StatusCode::kDtype: return "DTYPE";
    case StatusCode::kArgument: return "ARGUMENT";
    case StatusCode::kMemory: return "MEMORY";
    case StatusCode::kDevice: return "TARGET";
  }
  return "NATIVE";
}

inline Napi::Error error_of(Napi::Env env, StatusCode code, const std::string& message) {
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, code_name(code)));
  return error;
}

[[noreturn]] inline void fail(Napi::Env env, StatusCode code, const std::string& message) {
  throw error_of(env, code, message);
}

}  // namespace samebits
