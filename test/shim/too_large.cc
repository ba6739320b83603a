// What a kernel says of tensors that are larger than it counts, run on the shim without their memory:
//   too_large KERNEL name=value,... SHAPE...      a shape as 2x3x4, `none` for a tensor that is not given
// prints what the contract refuses, else what the kernel refuses. Launches are planned to fail: one that is reached is named.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include "runtime/detect.h"
#include "runtime/device.h"
#include "runtime/kernel_table.h"
#include "stream.h"

namespace samebits {
namespace {

alignas(16) float memory[16];  // nothing reads it, since nothing is launched

void set(const Kernel& kernel, const std::string& name, const char* value, std::byte* settings) {
  for (int i = 0; i < kernel.fields.count; ++i) {
    const Field& field = kernel.fields.list[i];
    if (name != field.name) continue;
    if (field.type == FieldType::kFloat) {
      const float number = std::strtof(value, nullptr);
      std::memcpy(settings + field.offset, &number, sizeof number);
    } else {
      const int64_t number = std::strtoll(value, nullptr, 10);
      std::memcpy(settings + field.offset, &number, sizeof number);
    }
    return;
  }
  std::printf("no field %s\n", name.c_str());
  std::exit(2);
}

View view_of(const char* shape, const TensorSlot& slot) {
  View view;
  if (std::strcmp(shape, "none") == 0) return view;
  view.data = memory;
  view.dtype = slot.dtype;
  for (const char* at = shape; *at != '\0'; at += *at == 'x') {
    char* end = nullptr;
    view.shape[view.rank++] = std::strtoll(at, &end, 10);
    at = end;
  }
  return view;
}

int told(int count, char** words) {
  const Kernel& kernel = *find_kernel(words[1]);
  if (count != 3 + kernel.tensor_count) return std::printf("expected %d shapes\n", kernel.tensor_count), 2;
  alignas(16) std::byte settings[kMaxSettingsBytes] = {};
  for (char* pair = std::strtok(words[2], ","); pair != nullptr; pair = std::strtok(nullptr, ",")) {
    char* equals = std::strchr(pair, '=');
    set(kernel, std::string(pair, equals), equals + 1, settings);
  }
  Call call;
  call.settings = settings;
  call.tensor_count = kernel.tensor_count;
  for (int i = 0; i < call.tensor_count; ++i) call.tensors[i] = view_of(words[3 + i], kernel.tensors[i]);
  Status status = kernel.check == nullptr ? Status{} : kernel.check(call);
  if (status.ok()) {
    std::shared_ptr<Device> device;
    status = open_cuda(device);
    shim::plan_error("cudaLaunchKernelEx", 1, cudaErrorInvalidValue, true);
    if (status.ok()) status = device->run(kernel, call, Mode::kDeterministic);
    shim::plan_error("", 0, cudaSuccess);
  }
  std::printf("%s\n", status.message);
  return 0;
}

}  // namespace
}  // namespace samebits

int main(int count, char** words) { return samebits::told(count, words); }
