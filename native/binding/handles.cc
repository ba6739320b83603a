#include "binding/handles.h"

#include <string>

#include "binding/errors.h"
#include "binding/numbers.h"
#include "binding/target.h"

namespace samebits {
namespace {

// Tags tell our objects from any other, so a wrong argument is refused and never reinterpreted.
constexpr napi_type_tag kRuntimeTag = {0x5a3be1750d0c4f1eULL, 0x9c1d7f3366a14be2ULL};
constexpr napi_type_tag kStorageTag = {0x21f6c0a94b7d4c55ULL, 0xa6d1e04b8f9733c8ULL};

constexpr double kMostSteps = 4294967295.0;

bool tagged(const Napi::Value& value, const napi_type_tag& tag) {
  bool result = false;
  return value.IsObject() && napi_check_object_type_tag(value.Env(), value, &tag, &result) == napi_ok && result;
}

}  // namespace

Napi::Function RuntimeHandle::define(Napi::Env env) {
  return DefineClass(env, "NativeRuntime",
                     {InstanceMethod("dispose", &RuntimeHandle::dispose), InstanceMethod("memory", &RuntimeHandle::memory),
                      InstanceMethod("counts", &RuntimeHandle::counts), InstanceMethod("trim", &RuntimeHandle::trim), InstanceMethod("beginStep", &RuntimeHandle::begin_step),
                      InstanceMethod("watch", &RuntimeHandle::watch), InstanceMethod("arrivals", &RuntimeHandle::arrivals),
                      InstanceMethod("mark", &RuntimeHandle::mark), InstanceMethod("betweenMarks", &RuntimeHandle::between_marks)});
}

RuntimeHandle& RuntimeHandle::from(const Napi::Value& value, const char* who) {
  if (!tagged(value, kRuntimeTag))
    fail(value.Env(), StatusCode::kArgument, std::string(who) + ": expected a native runtime, got something else");
  return *Unwrap(value.As<Napi::Object>());
}

RuntimeHandle::RuntimeHandle(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Target target = target_from(info);
  std::shared_ptr<Device> device = device_from(info);
  if (device && target.arrival_seed)
    fail(info.Env(), StatusCode::kDevice, "createRuntime: expected no arrival seed on a device, got one");
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

const std::shared_ptr<Runtime>& RuntimeHandle::finished(Napi::Env env, const char* who) const {
  const Status status = runtime(env, who)->finish();
  if (!status.ok()) fail(env, status.code, status.message);
  return runtime_;
}

Napi::Value RuntimeHandle::dispose(const Napi::CallbackInfo& info) {
  runtime_.reset();
  return info.Env().Undefined();
}

Napi::Value RuntimeHandle::memory(const Napi::CallbackInfo& info) {
  const Runtime& pool = *finished(info.Env(), "memory");
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("inUse", static_cast<double>(pool.in_use()));
  result.Set("held", static_cast<double>(pool.held()));
  result.Set("blocks", static_cast<double>(pool.blocks_in_use()));
  return result;
}

Napi::Value RuntimeHandle::counts(const Napi::CallbackInfo& info) {
  const DeviceCounts counts = runtime(info.Env(), "counts")->counts();
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("launches", static_cast<double>(counts.launches));
  result.Set("waits", static_cast<double>(counts.waits));
  return result;
}

Napi::Value RuntimeHandle::trim(const Napi::CallbackInfo& info) {
  finished(info.Env(), "trim")->trim();
  info.Env().GetInstanceData<Environment>()->memory->trimmed(info.Env());
  return info.Env().Undefined();
}

Napi::Value RuntimeHandle::begin_step(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!is_integer(info[0], 0, kMostSteps))
    fail(env, StatusCode::kArgument, "beginStep: expected a step from 0 to 2^32 - 1, got another value");
  const bool plain = info[1].IsUndefined();
  if (!plain && !is_integer(info[1], 1, 1024))
    fail(env, StatusCode::kArgument, "beginStep: expected from 1 to 1024 workers, got another value");
  const int workers = plain ? kSeededWorkers : info[1].As<Napi::Number>().Int32Value();
  finished(env, "beginStep")->begin_step(info[0].As<Napi::Number>().Uint32Value(), workers);
  return env.Undefined();
}

// (storage, index): the float32 at this place.
Napi::Value RuntimeHandle::watch(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::shared_ptr<Runtime>& watched = finished(env, "watch");
  if (watched->on_device()) fail(env, StatusCode::kDevice, "watch: expected a runtime of the CPU, got one of a device");
  const StorageHandle& storage = StorageHandle::from(info[0], "watch");
  const std::shared_ptr<Block>& block = storage.block(env, "watch");
  if (storage.owner() != watched.get())
    fail(env, StatusCode::kDevice, "watch: expected a storage of this runtime, got one of another runtime");
  const double count = static_cast<double>(block->bytes / sizeof(float));
  if (!is_integer(info[1], 0, count - 1))
    fail(env, StatusCode::kShape, "watch: expected an index below " + std::to_string(block->bytes / sizeof(float)) + ", got another value");
  watched->watch(block, static_cast<const float*>(block->data) + info[1].As<Napi::Number>().Int64Value());
  return env.Undefined();
}

Napi::Value RuntimeHandle::arrivals(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::optional<std::vector<Arrival>> log = finished(env, "arrivals")->arrivals();
  if (!log) fail(env, StatusCode::kArgument, "arrivals: expected a kernel to run after watchArrivals, got none");
  Napi::Array result = Napi::Array::New(env, log->size());
  uint32_t count = 0;
  for (const Arrival& arrival : *log) {
    Napi::Object entry = Napi::Object::New(env);
    entry.Set("loop", arrival.loop);
    entry.Set("task", static_cast<double>(arrival.task));
    entry.Set("value", arrival.value);
    result.Set(count++, entry);
  }
  return result;
}

Napi::Value RuntimeHandle::mark(const Napi::CallbackInfo& info) {
  const Status status = runtime(info.Env(), "mark")->mark();
  if (!status.ok()) fail(info.Env(), status.code, status.message);
  return info.Env().Undefined();
}

Napi::Value RuntimeHandle::between_marks(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::vector<double> seconds;
  const Status status = runtime(env, "betweenMarks")->between_marks(&seconds);
  if (!status.ok()) fail(env, status.code, status.message);
  Napi::Array result = Napi::Array::New(env, seconds.size());
  for (uint32_t i = 0; i < seconds.size(); ++i) result.Set(i, seconds[i]);
  return result;
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
