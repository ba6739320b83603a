#include "runtime/runtime.h"

#include <cstring>

#include "runtime/float_environment.h"

namespace samebits {

Status Runtime::run(const Kernel& kernel, Call call) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  const FloatEnvironment environment;
  const Status checked = kernel.check(call);
  if (!checked.ok()) return checked;
  if (device_ != nullptr) return device_->run(kernel, call, target_.mode);
  const KernelFn fn = kernel.cpu[static_cast<int>(target_.isa)].fn[static_cast<int>(target_.mode)];
  if (fn == nullptr)
    return refuse(StatusCode::kDevice, "%s: expected a kernel for cpu/%s, got none in this build", kernel.name,
                  kIsaNames[static_cast<int>(target_.isa)]);
  call.context = this;
  const Status status = fn(call);
  scratch_.clear();
  return status;
}

Status Runtime::write(void* memory, const void* from, size_t bytes) noexcept {
  if (device_ != nullptr) return device_->write(memory, from, bytes);
  std::memcpy(memory, from, bytes);
  return {};
}

Status Runtime::read(void* to, const void* memory, size_t bytes) noexcept {
  if (device_ != nullptr) return device_->read(to, memory, bytes);
  std::memcpy(to, memory, bytes);
  return {};
}

void* Runtime::scratch(size_t bytes) noexcept {
  std::shared_ptr<Block> block = memory_->take(bytes);
  if (block == nullptr) return nullptr;
  try {
    scratch_.push_back(block);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
  return block->data;
}

}  // namespace samebits
