// The door: every export of the addon. Bytes are copied in and out; JavaScript never holds a native pointer.
#include <napi.h>

#include <string>
#include <thread>

#include "binding/errors.h"
#include "binding/handles.h"
#include "binding/numbers.h"
#include "binding/run.h"
#include "core/order.h"
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

// The names and roles of a kernel's tensors, in order.
Napi::Array slots_of(Napi::Env env, const Kernel& kernel) {
  Napi::Array slots = Napi::Array::New(env);
  for (int i = 0; i < kernel.tensor_count; ++i) {
    Napi::Object slot = Napi::Object::New(env);
    slot.Set("name", std::string(kernel.tensors[i].name));
    slot.Set("output", kernel.tensors[i].output);
    slots.Set(static_cast<uint32_t>(i), slot);
  }
  return slots;
}

Napi::Value capabilities(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Napi::Array isas = Napi::Array::New(env);
  for (int i = 0; i < kIsaCount; ++i)
    isas.Set(static_cast<uint32_t>(i), availability_of(env, kIsaNames[i], isa_availability(static_cast<Isa>(i))));
  Napi::Array devices = Napi::Array::New(env);
  devices.Set(0u, availability_of(env, "cpu", {true, ""}));
  Napi::Object cuda = availability_of(env, "cuda", cuda_availability());
  if (cuda_availability().available) cuda.Set("architecture", std::string(cuda_architecture()));
  devices.Set(1u, cuda);
  Napi::Array kernels = Napi::Array::New(env);
  Napi::Array joins = Napi::Array::New(env);
  Napi::Object slots = Napi::Object::New(env);
  uint32_t count = 0, joining = 0;
  for (const OpEntry* operation : all_operations())
    for (int i = 0; i < operation->kernel_count; ++i) {
      const Kernel& kernel = operation->kernels[i];
      kernels.Set(count++, std::string(kernel.name));
      if (joins_sums(kernel)) joins.Set(joining++, std::string(kernel.name));
      slots.Set(kernel.name, slots_of(env, kernel));
    }

  Napi::Object result = Napi::Object::New(env);
  result.Set("contract", kContract);
  result.Set("compiler", std::string(__VERSION__));
  result.Set("isas", isas);
  result.Set("bestIsa", std::string(kIsaNames[static_cast<int>(best_isa())]));
  result.Set("devices", devices);
  result.Set("kernels", kernels);
  result.Set("joins", joins);
  result.Set("slots", slots);
  result.Set("hardwareThreads", static_cast<double>(std::thread::hardware_concurrency()));
  return result;
}

Napi::Value create_runtime(const Napi::CallbackInfo& info) {
  const Environment* environment = info.Env().GetInstanceData<Environment>();
  return environment->runtime.Value().New({info[0], info[1], info[2], info[3], info[4], info[5], info[6]});
}

Napi::Value allocate(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::shared_ptr<Runtime>& runtime = RuntimeHandle::from(info[0], "allocate").runtime(env, "allocate");
  // A double beyond the integers has no size_t: it would become any number of bytes, 0 among them.
  if (!is_integer(info[1], 0, kSafeInteger))
    fail(env, StatusCode::kArgument, "allocate: expected bytes to be an integer from 0 to 2^53 - 1, got another value");
  const double bytes = info[1].As<Napi::Number>().DoubleValue();
  std::shared_ptr<Block> block = runtime->take(static_cast<size_t>(bytes));
  if (!block)
    fail(env, StatusCode::kMemory, "allocate: expected " + std::to_string(static_cast<int64_t>(bytes)) +
                                       " bytes of memory, got none; the machine is out of memory");
  Napi::Object storage = env.GetInstanceData<Environment>()->storage.Value().New({});
  StorageHandle::from(storage, "allocate").adopt(env, runtime, std::move(block));
  return storage;
}

// The bytes a typed array shows, and the place in a storage that they go to or come from.
struct Transfer {
  Runtime* runtime;
  uint8_t* script;
  uint8_t* native;
  size_t bytes;
};

Transfer transfer(const Napi::CallbackInfo& info, const char* who) {
  const Napi::Env env = info.Env();
  const StorageHandle& storage = StorageHandle::from(info[0], who);
  if (!info[1].IsTypedArray()) fail(env, StatusCode::kArgument, std::string(who) + ": expected a typed array, got something else");
  const Napi::TypedArray array = info[1].As<Napi::TypedArray>();
  const double offset = info[2].IsNumber() ? info[2].As<Napi::Number>().DoubleValue() : 0;
  const std::shared_ptr<Block>& block = storage.block(env, who);
  if (!(offset >= 0) || offset + static_cast<double>(array.ByteLength()) > static_cast<double>(block->bytes))
    fail(env, StatusCode::kShape, std::string(who) + ": expected at most " + std::to_string(block->bytes) + " bytes, got " +
                                      std::to_string(array.ByteLength()));
  return {storage.owner(), static_cast<uint8_t*>(array.ArrayBuffer().Data()) + array.ByteOffset(),
          static_cast<uint8_t*>(block->data) + static_cast<size_t>(offset), array.ByteLength()};
}

Napi::Value write(const Napi::CallbackInfo& info) {
  const Transfer t = transfer(info, "write");
  const Status status = t.bytes > 0 ? t.runtime->write(t.native, t.script, t.bytes) : Status{};
  if (!status.ok()) fail(info.Env(), status.code, status.message);
  return info.Env().Undefined();
}

Napi::Value read(const Napi::CallbackInfo& info) {
  const Transfer t = transfer(info, "read");
  const Status status = t.bytes > 0 ? t.runtime->read(t.script, t.native, t.bytes) : Status{};
  if (!status.ok()) fail(info.Env(), status.code, status.message);
  return info.Env().Undefined();
}

Napi::Value finish(const Napi::CallbackInfo& info) {
  RuntimeHandle::from(info[0], "finish").finished(info.Env(), "finish");
  return info.Env().Undefined();
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  auto* environment = new Environment{Napi::Persistent(RuntimeHandle::define(env)), Napi::Persistent(StorageHandle::define(env))};
  env.SetInstanceData(environment);  // freed with the environment
  exports.Set("capabilities", Napi::Function::New(env, capabilities, "capabilities"));
  exports.Set("createRuntime", Napi::Function::New(env, create_runtime, "createRuntime"));
  exports.Set("allocate", Napi::Function::New(env, allocate, "allocate"));
  exports.Set("write", Napi::Function::New(env, write, "write"));
  exports.Set("read", Napi::Function::New(env, read, "read"));
  exports.Set("run", Napi::Function::New(env, run, "run"));
  exports.Set("runAsync", Napi::Function::New(env, run_async, "runAsync"));
  exports.Set("runBySample", Napi::Function::New(env, gather_by_sample, "runBySample"));
  exports.Set("finish", Napi::Function::New(env, finish, "finish"));
  return exports;
}

}  // namespace
}  // namespace samebits

static Napi::Object init(Napi::Env env, Napi::Object exports) { return samebits::init(env, exports); }
NODE_API_MODULE(NODE_GYP_MODULE_NAME, init)
