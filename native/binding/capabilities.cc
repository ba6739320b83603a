#include "binding/capabilities.h"

#include <string>
#include <thread>

#include "core/order.h"
#include "runtime/cuda_column.h"
#include "runtime/detect.h"
#include "runtime/kernel_table.h"

namespace samebits {
namespace {

Napi::Object availability_of(Napi::Env env, const std::string& name, const Availability& availability) {
  Napi::Object entry = Napi::Object::New(env);
  entry.Set("name", name);
  entry.Set("available", availability.available);
  if (!availability.available) entry.Set("reason", std::string(availability.reason));
  return entry;
}

Napi::Array isas_of(Napi::Env env) {
  Napi::Array isas = Napi::Array::New(env);
  for (int i = 0; i < kIsaCount; ++i)
    isas.Set(static_cast<uint32_t>(i), availability_of(env, kIsaNames[i], isa_availability(static_cast<Isa>(i))));
  return isas;
}

Napi::Array devices_of(Napi::Env env) {
  Napi::Array devices = Napi::Array::New(env);
  devices.Set(0u, availability_of(env, "cpu", {true, ""}));
  Napi::Object cuda = availability_of(env, "cuda", cuda_availability());
  if (cuda_availability().available) cuda.Set("architecture", std::string(cuda_architecture()));
  devices.Set(1u, cuda);
  return devices;
}

// The lengths that docs/contract.md splits sums by.
Napi::Object lengths_of(Napi::Env env) {
  Napi::Object lengths = Napi::Object::New(env);
  lengths.Set("positionChunk", static_cast<double>(kPositionChunk));
  lengths.Set("memoryChunk", static_cast<double>(kMemoryChunk));
  lengths.Set("memoryLanes", static_cast<double>(kSumLanes));
  return lengths;
}

Napi::Array tensors_of(Napi::Env env, const Kernel& kernel) {
  Napi::Array tensors = Napi::Array::New(env);
  for (int i = 0; i < kernel.tensor_count; ++i) {
    const TensorSlot& slot = kernel.tensors[i];
    Napi::Object tensor = Napi::Object::New(env);
    tensor.Set("name", std::string(slot.name));
    tensor.Set("output", slot.output);
    tensor.Set("optional", slot.optional);
    tensor.Set("bySample", slot.samples);
    tensors.Set(static_cast<uint32_t>(i), tensor);
  }
  return tensors;
}

// The devices whose atomic mode has a function of its own: there partial sums meet as they arrive.
Napi::Array arrival_of(Napi::Env env, const Kernel& kernel) {
  Napi::Array devices = Napi::Array::New(env);
  uint32_t count = 0;
  if (joins_sums(kernel)) devices.Set(count++, "cpu");
  if (cuda_kernel(kernel.name, Mode::kDeterministic) != cuda_kernel(kernel.name, Mode::kAtomic)) devices.Set(count++, "cuda");
  return devices;
}

Napi::Object contract_of(Napi::Env env, const Kernel& kernel) {
  Napi::Object facts = Napi::Object::New(env);
  Napi::Array settings = Napi::Array::New(env);
  for (int i = 0; i < kernel.fields.count; ++i) settings.Set(static_cast<uint32_t>(i), std::string(kernel.fields.list[i].name));
  facts.Set("tensors", tensors_of(env, kernel));
  facts.Set("settings", settings);
  facts.Set("order", std::string(kOrderNames[static_cast<int>(kernel.sums.order)]));
  facts.Set("arrival", arrival_of(env, kernel));
  facts.Set("part", std::string(kPartNames[static_cast<int>(kernel.sums.part)]));
  facts.Set("parts", static_cast<double>(kernel.sums.parts));
  facts.Set("multiTensor", kernel.multi_tensor);
  return facts;
}

}  // namespace

Napi::Value capabilities(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Napi::Array kernels = Napi::Array::New(env);
  Napi::Array joins = Napi::Array::New(env);
  Napi::Object contracts = Napi::Object::New(env);
  uint32_t count = 0, joining = 0;
  for (const OpEntry* operation : all_operations())
    for (int i = 0; i < operation->kernel_count; ++i) {
      const Kernel& kernel = operation->kernels[i];
      kernels.Set(count++, std::string(kernel.name));
      if (joins_sums(kernel)) joins.Set(joining++, std::string(kernel.name));
      contracts.Set(kernel.name, contract_of(env, kernel));
    }

  Napi::Object result = Napi::Object::New(env);
  result.Set("contract", kContract);
  result.Set("compiler", std::string(__VERSION__));
  result.Set("isas", isas_of(env));
  result.Set("bestIsa", std::string(kIsaNames[static_cast<int>(best_isa())]));
  result.Set("devices", devices_of(env));
  result.Set("kernels", kernels);
  result.Set("joins", joins);
  result.Set("contracts", contracts);
  result.Set("lengths", lengths_of(env));
  result.Set("hardwareThreads", static_cast<double>(std::thread::hardware_concurrency()));
  return result;
}

}  // namespace samebits
