// The door: every export of the addon. Bytes are copied in and out; JavaScript never holds a native pointer.
#include <napi.h>

#include <string>

#include "binding/capabilities.h"
#include "binding/errors.h"
#include "binding/handles.h"
#include "binding/numbers.h"
#include "binding/run.h"

namespace samebits {
namespace {

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
  Status why;
  std::shared_ptr<Block> block = runtime->take(static_cast<size_t>(bytes), &why);
  if (!block && !why.ok()) fail(env, why.code, why.message);
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
