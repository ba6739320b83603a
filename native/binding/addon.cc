// The door: every export of the addon. Bytes are copied in and out; JavaScript never holds a native pointer.
#include <napi.h>

#include <string>
#include <vector>

#include "binding/capabilities.h"
#include "binding/errors.h"
#include "binding/handles.h"
#include "binding/numbers.h"
#include "binding/run.h"
#include "binding/walk.h"

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
struct Place {
  Runtime* runtime;
  uint8_t* script;
  uint8_t* native;
  size_t bytes;
};

Place place_of(const Napi::Value& of, const Napi::Value& values, const Napi::Value& from, const char* who) {
  const Napi::Env env = values.Env();
  const StorageHandle& storage = StorageHandle::from(of, who);
  if (!values.IsTypedArray()) fail(env, StatusCode::kArgument, std::string(who) + ": expected a typed array, got something else");
  const Napi::TypedArray array = values.As<Napi::TypedArray>();
  const double offset = from.IsNumber() ? from.As<Napi::Number>().DoubleValue() : 0;
  const std::shared_ptr<Block>& block = storage.block(env, who);
  if (!(offset >= 0) || offset + static_cast<double>(array.ByteLength()) > static_cast<double>(block->bytes))
    fail(env, StatusCode::kShape, std::string(who) + ": expected at most " + std::to_string(block->bytes) + " bytes, got " +
                                      std::to_string(array.ByteLength()));
  return {storage.owner(), static_cast<uint8_t*>(array.ArrayBuffer().Data()) + array.ByteOffset(),
          static_cast<uint8_t*>(block->data) + static_cast<size_t>(offset), array.ByteLength()};
}

Napi::Value write(const Napi::CallbackInfo& info) {
  const Place p = place_of(info[0], info[1], info[2], "write");
  const Status status = p.bytes > 0 ? p.runtime->write(p.native, p.script, p.bytes) : Status{};
  if (!status.ok()) fail(info.Env(), status.code, status.message);
  return info.Env().Undefined();
}

Napi::Value read(const Napi::CallbackInfo& info) {
  const Place p = place_of(info[0], info[1], info[2], "read");
  const Transfer part = {p.script, p.native, p.bytes};
  const Status status = p.bytes > 0 ? p.runtime->read(&part, 1) : Status{};
  if (!status.ok()) fail(info.Env(), status.code, status.message);
  return info.Env().Undefined();
}

// ([{ storage, data }]): several storages of one runtime, behind one wait.
Napi::Value read_all(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsArray()) fail(env, StatusCode::kArgument, "readAll: expected a list, got something else");
  const Napi::Array list = info[0].As<Napi::Array>();
  std::vector<Transfer> parts;
  Runtime* runtime = nullptr;
  for (uint32_t i = 0; i < list.Length(); ++i) {
    if (!list.Get(i).IsObject()) fail(env, StatusCode::kArgument, "readAll: expected { storage, data }, got something else");
    const Napi::Object one = list.Get(i).As<Napi::Object>();
    const Place p = place_of(one.Get("storage"), one.Get("data"), env.Undefined(), "readAll");
    if (runtime != nullptr && p.runtime != runtime)
      fail(env, StatusCode::kDevice, "readAll: expected storages of one runtime, got one of another runtime");
    runtime = p.runtime;
    if (p.bytes > 0) parts.push_back({p.script, p.native, p.bytes});
  }
  const Status status = parts.empty() ? Status{} : runtime->read(parts.data(), static_cast<int>(parts.size()));
  if (!status.ok()) fail(env, status.code, status.message);
  return env.Undefined();
}

// Takes the memory of a typed array away, which is empty then: it is freed now, and not when V8 collects. An array that shows a part
// of its memory alone is left as it is, since others may show the rest.
Napi::Value release(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsTypedArray()) fail(env, StatusCode::kArgument, "release: expected a typed array, got something else");
  const Napi::TypedArray array = info[0].As<Napi::TypedArray>();
  Napi::ArrayBuffer memory = array.ArrayBuffer();
  if (array.ByteLength() == memory.ByteLength() && !memory.IsDetached()) memory.Detach();
  return env.Undefined();
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
  exports.Set("readAll", Napi::Function::New(env, read_all, "readAll"));
  exports.Set("release", Napi::Function::New(env, release, "release"));
  exports.Set("run", Napi::Function::New(env, run, "run"));
  exports.Set("runAsync", Napi::Function::New(env, run_async, "runAsync"));
  exports.Set("runBySample", Napi::Function::New(env, gather_by_sample, "runBySample"));
  exports.Set("finish", Napi::Function::New(env, finish, "finish"));
  exports.Set("walkPair", Napi::Function::New(env, walk, "walkPair"));
  return exports;
}

}  // namespace
}  // namespace samebits

static Napi::Object init(Napi::Env env, Napi::Object exports) { return samebits::init(env, exports); }
NODE_API_MODULE(NODE_GYP_MODULE_NAME, init)
