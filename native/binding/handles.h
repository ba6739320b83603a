// The two JavaScript objects that stand for native things: a runtime and a block of its memory.
#pragma once

#include <napi.h>

#include <memory>

#include "binding/external_memory.h"
#include "runtime/runtime.h"

namespace samebits {

// What hangs on one JavaScript environment; worker threads each have their own.
struct Environment {
  Napi::FunctionReference runtime;
  Napi::FunctionReference storage;
  std::shared_ptr<ExternalMemory> memory = std::make_shared<ExternalMemory>();
};

class RuntimeHandle : public Napi::ObjectWrap<RuntimeHandle> {
 public:
  static Napi::Function define(Napi::Env env);
  static RuntimeHandle& from(const Napi::Value& value, const char* who);

  explicit RuntimeHandle(const Napi::CallbackInfo& info);

  // The runtime, or an exception when it was disposed.
  const std::shared_ptr<Runtime>& runtime(Napi::Env env, const char* who) const;
  // The same when all that it was asked for is computed; an exception when some of that was refused, too.
  const std::shared_ptr<Runtime>& finished(Napi::Env env, const char* who) const;

 private:
  Napi::Value dispose(const Napi::CallbackInfo& info);
  Napi::Value memory(const Napi::CallbackInfo& info);
  Napi::Value counts(const Napi::CallbackInfo& info);
  Napi::Value trim(const Napi::CallbackInfo& info);
  Napi::Value begin_step(const Napi::CallbackInfo& info);
  Napi::Value watch(const Napi::CallbackInfo& info);
  Napi::Value arrivals(const Napi::CallbackInfo& info);
  Napi::Value mark(const Napi::CallbackInfo& info);
  Napi::Value between_marks(const Napi::CallbackInfo& info);

  std::shared_ptr<Runtime> runtime_;
};

class StorageHandle : public Napi::ObjectWrap<StorageHandle> {
 public:
  static Napi::Function define(Napi::Env env);
  static StorageHandle& from(const Napi::Value& value, const char* who);

  explicit StorageHandle(const Napi::CallbackInfo& info);
  ~StorageHandle() override;

  void adopt(Napi::Env env, std::shared_ptr<Runtime> runtime, std::shared_ptr<Block> block);
  const std::shared_ptr<Block>& block(Napi::Env env, const char* who) const;
  Runtime* owner() const noexcept { return runtime_.get(); }

 private:
  Napi::Value dispose(const Napi::CallbackInfo& info);

  std::shared_ptr<Runtime> runtime_;  // keeps the pool alive for as long as its memory is
  std::shared_ptr<Block> block_;
  std::shared_ptr<ExternalMemory> memory_;  // of the environment, which may end before its storages
};

}  // namespace samebits
