// Reads what JavaScript hands to one kernel call into plain memory that any thread may use.
#pragma once

#include <napi.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "core/kernel.h"
#include "runtime/runtime.h"

namespace samebits {

// A call with everything it needs kept alive: no JavaScript value inside.
struct PreparedCall {
  std::shared_ptr<Runtime> runtime;
  const Kernel* kernel = nullptr;
  Call call;
  alignas(16) std::byte settings[kMaxSettingsBytes] = {};
  std::vector<std::shared_ptr<Block>> blocks;

  Status run() noexcept {
    call.settings = settings;
    return runtime->run(*kernel, call);
  }
};

// From (runtime, kernel name, [{ storage, dtype, shape, offset? } or null], settings).
void prepare(const Napi::CallbackInfo& info, PreparedCall& prepared);

}  // namespace samebits
