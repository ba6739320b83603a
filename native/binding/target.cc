#include "binding/target.h"

#include <string>

#include "binding/errors.h"
#include "binding/numbers.h"
#include "runtime/detect.h"
#include "runtime/kernel_table.h"

namespace samebits {
namespace {

constexpr int kMostThreads = 1024;

std::vector<const Kernel*> atomic_kernels_from(const Napi::Value& value) {
  const Napi::Env env = value.Env();
  if (!value.IsArray()) fail(env, StatusCode::kArgument, "createRuntime: expected atomic kernels in a list, got something else");
  const Napi::Array names = value.As<Napi::Array>();
  std::vector<const Kernel*> kernels;
  for (uint32_t i = 0; i < names.Length(); ++i) {
    const std::string name = names.Get(i).ToString();
    const Kernel* kernel = find_kernel(name);
    if (kernel == nullptr || !joins_sums(*kernel))
      fail(env, StatusCode::kArgument, "createRuntime: expected atomic kernels that join sums, got '" + name + "'");
    kernels.push_back(kernel);
  }
  return kernels;
}

Conditions conditions_from(const Napi::Object& object) {
  Conditions conditions;
  conditions.poisoned = object.Get("poisoned").ToBoolean();
  if (object.Has("pastCache")) conditions.past_cache = object.Get("pastCache").ToNumber().Int64Value();
  return conditions;
}

}  // namespace

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
  if (!info[4].IsUndefined()) target.atomic = atomic_kernels_from(info[4]);
  if (!info[5].IsUndefined()) {
    if (!is_integer(info[5], 0, kSafeInteger))
      fail(env, StatusCode::kArgument, "createRuntime: expected an arrival seed from 0 to 2^53 - 1, got another value");
    target.arrival_seed = static_cast<uint64_t>(info[5].As<Napi::Number>().Int64Value());
  }
  if (info[6].IsObject()) target.conditions = conditions_from(info[6].As<Napi::Object>());
  return target;
}

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

}  // namespace samebits
