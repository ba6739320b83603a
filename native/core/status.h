// What a check or a kernel answers: nothing wrong, or one message. Plain memory; nothing below the binding throws.
#pragma once

#include <cstdarg>
#include <cstdio>

namespace samebits {

enum class StatusCode : int { kOk = 0, kShape, kDtype, kArgument, kMemory, kDevice };

struct Status {
  StatusCode code = StatusCode::kOk;
  char message[240] = {};

  bool ok() const noexcept { return code == StatusCode::kOk; }
};

// A refusal. The message says what was expected and what came: "conv2d: expected bias [32], got [31]".
[[gnu::format(printf, 2, 3)]] inline Status refuse(StatusCode code, const char* format, ...) noexcept {
  Status status;
  status.code = code;
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(status.message, sizeof status.message, format, arguments);
  va_end(arguments);
  return status;
}

}  // namespace samebits
