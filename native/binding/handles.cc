#include "binding/handles.h"

#include <string>

#include "binding/errors.h"
#include "runtime/detect.h"

namespace samebits {
namespace {

// The device named by the fourth argument; null for the CPU, which is also meant where it is left out.
std::shared_ptr<Device> device_from(const Napi::CallbackInfo& info) {
  std::shared_ptr<Device> device;
  const std::string name = info.Length() > 3 && info[3].IsString() ? info[3].As<Napi::String>().Utf8Value() : "cpu";
  if (name == "cpu") return device;
  if (name != "cuda") fail(info.Env(), StatusCode::kArgument, "createRuntime: expected device 'cpu' or 'cuda', got '" + name + "'");
  const Status status = open_cuda(device);
  if (!status.ok()) fail(info.Env(), status.code, status.message);
  return device;
}

// Tags tell our objects from any other, so a wrong argument is refused and never reinterpreted.
constexpr napi_type_tag kRuntimeTag = {0x5a3be1750d0c4f1eULL, 0x9c1d7f3366a14be2ULL};
constexpr napi_type_tag kStorageTag = {0x21f6c0a94b7d4c55ULL, 0xa6d1e04b8f9733c8ULL};

constexpr int kMostThreads = 1024;

bool tagged(const Napi::Value& value, const napi_type_tag& tag) {
  bool result = false;
  return value.IsObject() && napi_check_object_type_tag(value.Env(), value, &tag, &result) == napi_ok && result;
}

Target target_from(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (info.Length() < 3 || !info[0].IsString() || !info[1].IsString() || !info[2].IsNumber())
    fail(env, StatusCode::kArgument, "createRuntime: expected (isa, mode, threads), got other arguments");
  Target target;
  const std::string isa = info[0].As<Napi::String>(), mode = info[1].As<Napi::String>();
  int found = -1;
  for (int i = 0; i < kIsaCount; ++i)
    if (isa == kIsaNames[i]) found = i;
  if (found < 0) fail(env, StatusCode::kArgument, "createRuntime: expected a known isa, got '" + isa + "'");
  target.isa = static_cast<Isa>(found);
  const Availability availability = isa_availability(target.isa);
  if (!availability.available)
    fail(env, StatusCode::kDevice, "createRuntime: expected an available isa, got '" + isa + "'; " + availability.reason);
  if (mode != "deterministic" && mode != "atomic")
    fail(env, StatusCode::kArgument, "createRuntime: expected mode 'deterministic' or 'atomic', got '" + mode + "'");
  target.mode = mode == "atomic" ? Mode::kAtomic : Mode::kDeterministic;
  target.threads = info[2].As<Napi::Number>().Int32Value();
  if (target.threads < 1 || target.threads > kMostThreads)
    fail(env, StatusCode::kArgument,
         "createRuntime: expected threads from 1 to 1024, got " + std::to_string(target.threads));
  return target;
}

}  // namespace

Napi::Function RuntimeHandle::define(Napi::Env env) {
  return DefineClass(env, "NativeRuntime",
                     {InstanceMethod("dispose", &RuntimeHandle::dispose), InstanceMethod("memory", &RuntimeHandle::memory),
                      InstanceMethod("trim", &RuntimeHandle::trim)});
}

RuntimeHandle& RuntimeHandle::from(const Napi::Value& value, const char* who) {
  if (!tagged(value, kRuntimeTag))
    fail(value.Env(), StatusCode::kArgument, std::string(who) + ": expected a native runtime, got something else");
  return *Unwrap(value.As<Napi::Object>());
}

RuntimeHandle::RuntimeHandle(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Target target = target_from(info);
  std::shared_ptr<Device> device = device_from(info);
  try {
    runtime_ = std::make_shared<Runtime>(target, std::move(device));
  } catch (const std::exception& error) {  // the system refused threads
    fail(info.Env(), StatusCode::kMemory,
         "createRuntime: expected " + std::to_string(target.threads) + " threads, got '" + error.what() + "'");
  }
  napi_type_tag_object(info.Env(), info.This(), &kRuntimeTag);
}

const std::shared_ptr<Runtime>& RuntimeHandle::runtime(Napi::Env env, const char* who) const {
  if (!runtime_) fail(env, StatusCode::kArgument, std::string(who) + ": expected a live runtime, got a disposed one");
  return runtime_;
}

Napi::Value RuntimeHandle::dispose(const Napi::CallbackInfo& info) {
  runtime_.reset();
  return info.Env().Undefined();
}

Napi::Value RuntimeHandle::memory(const Napi::CallbackInfo& info) {
  const Runtime& pool = *runtime(info.Env(), "memory");
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("inUse", static_cast<double>(pool.in_use()));
  result.Set("held", static_cast<double>(pool.held()));
  result.Set("blocks", static_cast<double>(pool.blocks_in_use()));
  return result;
}

Napi::Value RuntimeHandle::trim(const Napi::CallbackInfo& info) {
  runtime(info.Env(), "trim")->trim();
  info.Env().GetInstanceData<Environment>()->memory->trimmed(info.Env());
  return info.Env().Undefined();
}

Napi::Function StorageHandle::define(Napi::Env env) {
  return DefineClass(env, "NativeStorage", {InstanceMethod("dispose", &StorageHandle::dispose)});
}

StorageHandle& StorageHandle::from(const Napi::Value& value, const char* who) {
  if (!tagged(value, kStorageTag))
    fail(value.Env(), StatusCode::kArgument, std::string(who) + ": expected a native storage, got something else");
  return *Unwrap(value.As<Napi::Object>());
}

StorageHandle::StorageHandle(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  napi_type_tag_object(info.Env(), info.This(), &kStorageTag);
}

StorageHandle::~StorageHandle() {
  if (block_) memory_->collected(Env(), static_cast<int64_t>(block_->capacity));
}

void StorageHandle::adopt(Napi::Env env, std::shared_ptr<Runtime> runtime, std::shared_ptr<Block> block) {
  runtime_ = std::move(runtime);
  block_ = std::move(block);
  memory_ = env.GetInstanceData<Environment>()->memory;
  memory_->taken(env, static_cast<int64_t>(block_->capacity));
}

const std::shared_ptr<Block>& StorageHandle::block(Napi::Env env, const char* who) const {
  if (!block_) fail(env, StatusCode::kArgument, std::string(who) + ": expected a live storage, got a disposed one");
  return block_;
}

Napi::Value StorageHandle::dispose(const Napi::CallbackInfo& info) {
  if (block_) memory_->disposed(info.Env(), static_cast<int64_t>(block_->capacity));
  block_.reset();
  runtime_.reset();
  return info.Env().Undefined();
}

}  // namespace samebits
