// run and runAsync: one kernel call, on the calling thread or on a worker that hosts it; runBySample: several together.
#include "binding/run.h"

#include <string>
#include <utility>

#include "binding/arguments.h"
#include "binding/errors.h"

namespace samebits {
namespace {

class AsyncRun final : public Napi::AsyncWorker {
 public:
  AsyncRun(Napi::Env env, std::unique_ptr<PreparedCall> prepared)
      : AsyncWorker(env), deferred_(Napi::Promise::Deferred::New(env)), prepared_(std::move(prepared)) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

  void Execute() override {
    const std::shared_ptr<Runtime> runtime = prepared_->runtime;
    status_ = ask(std::move(prepared_));
    if (status_.ok()) status_ = runtime->finish();
  }

  void OnOK() override {
    const Napi::HandleScope scope(Env());
    if (status_.ok())
      deferred_.Resolve(Env().Undefined());
    else
      deferred_.Reject(error_of(Env(), status_.code, status_.message).Value());
  }

 private:
  Napi::Promise::Deferred deferred_;
  std::unique_ptr<PreparedCall> prepared_;
  Status status_;
};

}  // namespace

Napi::Value run(const Napi::CallbackInfo& info) {
  auto prepared = std::make_unique<PreparedCall>();
  prepare(info, *prepared);
  const Status status = ask(std::move(prepared));
  if (!status.ok()) fail(info.Env(), status.code, status.message);
  return info.Env().Undefined();
}

Napi::Value run_async(const Napi::CallbackInfo& info) {
  auto prepared = std::make_unique<PreparedCall>();
  prepare(info, *prepared);
  auto* worker = new AsyncRun(info.Env(), std::move(prepared));
  const Napi::Promise promise = worker->promise();
  worker->Queue();
  return promise;
}

Napi::Value gather_by_sample(const Napi::CallbackInfo& info) {
  auto prepared = std::make_unique<PreparedSamples>();
  prepare_samples(info, *prepared);
  const Status status = gather(std::move(prepared));
  if (!status.ok()) fail(info.Env(), status.code, status.message);
  return info.Env().Undefined();
}

}  // namespace samebits
