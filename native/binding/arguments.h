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
  std::shared_ptr<Block> blocks[kMaxTensors];
  int passing[kMaxTensors] = {};  // as in SampleCall
};

// From (runtime, kernel name, [{ storage, dtype, shape, offset? } or null], settings).
void prepare(const Napi::CallbackInfo& info, PreparedCall& prepared);

// Gives the call to its runtime.
Status ask(std::unique_ptr<PreparedCall> prepared);

// Calls that go sample by sample, with everything they need kept alive.
struct PreparedSamples {
  std::shared_ptr<Runtime> runtime;
  std::vector<std::unique_ptr<PreparedCall>> calls;
};

// From (runtime, [{ kernel, tensors, settings }]), where a tensor may also be { passing, dtype, shape }.
void prepare_samples(const Napi::CallbackInfo& info, PreparedSamples& prepared);

// Gives the calls to their runtime.
Status gather(std::unique_ptr<PreparedSamples> prepared);

}  // namespace samebits
