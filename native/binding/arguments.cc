#include "binding/arguments.h"

#include <algorithm>
#include <cstdio>
#include <string>

#include "binding/errors.h"
#include "binding/handles.h"
#include "binding/numbers.h"
#include "runtime/float_environment.h"
#include "runtime/guarded.h"
#include "runtime/kernel_table.h"

namespace samebits {
namespace {

constexpr const char* kDtypeNames[] = {"float32", "int32", "uint8"};

// A count in a message; shapes can ask for more bytes than an integer holds.
std::string whole_number(double value) {
  char text[400];
  std::snprintf(text, sizeof text, "%.0f", value);
  return text;
}

// Dtype and shape of a tensor; the number of its values.
double read_extent(const Napi::Object& object, const TensorSlot& slot, const std::string& who, View& view) {
  const Napi::Env env = object.Env();
  const Napi::Value dtype = object.Get("dtype");
  if (!is_integer(dtype, 0, 2) || dtype.As<Napi::Number>().Int32Value() != static_cast<int>(slot.dtype))
    fail(env, StatusCode::kDtype, who + ": expected " + kDtypeNames[static_cast<int>(slot.dtype)] + ", got another dtype");
  view.dtype = slot.dtype;

  const Napi::Value shape_value = object.Get("shape");
  if (!shape_value.IsArray()) fail(env, StatusCode::kShape, who + ": expected a shape, got something else");
  const Napi::Array shape = shape_value.As<Napi::Array>();
  if (shape.Length() > kMaxRank) fail(env, StatusCode::kShape, who + ": expected at most 8 axes, got more");
  view.rank = static_cast<int>(shape.Length());
  // `kept` leaves lengths of 0 out: they hide the others from the number of values, but not from a product of some axes.
  double elements = 1, kept = 1;
  for (int axis = 0; axis < view.rank; ++axis) {
    const Napi::Value length = shape.Get(static_cast<uint32_t>(axis));
    if (!is_integer(length, 0, kSafeInteger)) fail(env, StatusCode::kShape, who + ": expected lengths >= 0, got another value");
    view.shape[axis] = length.As<Napi::Number>().Int64Value();
    elements *= static_cast<double>(view.shape[axis]);
    if (view.shape[axis] > 0) kept *= static_cast<double>(view.shape[axis]);
  }
  if (kept > kSafeInteger) fail(env, StatusCode::kShape, who + ": expected a shape of fewer than 2^53 values, got more");
  return elements;
}

View read_view(const Napi::Value& value, const TensorSlot& slot, const std::string& who, const Runtime* runtime,
               std::shared_ptr<Block>& holder) {
  const Napi::Env env = value.Env();
  View view;
  if (value.IsNull()) {
    if (!slot.optional) fail(env, StatusCode::kArgument, who + ": expected a tensor, got null");
    return view;
  }
  if (!value.IsObject()) fail(env, StatusCode::kArgument, who + ": expected a tensor, got something else");
  const Napi::Object object = value.As<Napi::Object>();
  const StorageHandle& storage = StorageHandle::from(object.Get("storage"), who.c_str());
  const std::shared_ptr<Block>& block = storage.block(env, who.c_str());
  if (storage.owner() != runtime)
    fail(env, StatusCode::kDevice, who + ": expected a tensor of the runtime that runs, got one of another runtime");

  const double elements = read_extent(object, slot, who, view);
  double offset = 0;
  const Napi::Value offset_value = object.Get("offset");
  if (!offset_value.IsUndefined()) {
    if (!is_integer(offset_value, 0, kSafeInteger)) fail(env, StatusCode::kArgument, who + ": expected an offset >= 0, got another value");
    offset = offset_value.As<Napi::Number>().DoubleValue();
  }
  const double bytes = (offset + elements) * static_cast<double>(kDtypeBytes[static_cast<int>(slot.dtype)]);
  if (bytes > static_cast<double>(block->bytes))
    fail(env, StatusCode::kShape, who + ": expected a storage of at least " + whole_number(bytes) + " bytes, got " +
                                      std::to_string(block->bytes));
  view.data = static_cast<std::byte*>(block->data) + static_cast<int64_t>(offset) * kDtypeBytes[static_cast<int>(slot.dtype)];
  holder = block;
  return view;
}

void read_field(const Napi::Value& value, const Field& field, const std::string& who, std::byte* settings) {
  const Napi::Env env = value.Env();
  std::byte* target = settings + field.offset;
  switch (field.type) {
    case FieldType::kInt: {
      if (!is_integer(value, -kSafeInteger, kSafeInteger)) fail(env, StatusCode::kArgument, who + ": expected an integer, got another value");
      *reinterpret_cast<int64_t*>(target) = value.As<Napi::Number>().Int64Value();
      return;
    }
    case FieldType::kFloat: {
      if (!value.IsNumber()) fail(env, StatusCode::kArgument, who + ": expected a number, got another value");
      *reinterpret_cast<float*>(target) = static_cast<float>(value.As<Napi::Number>().DoubleValue());
      return;
    }
    case FieldType::kSeed: {
      uint64_t seed = 0;
      if (value.IsBigInt()) {
        bool lossless = false;
        seed = value.As<Napi::BigInt>().Uint64Value(&lossless);
        if (!lossless) fail(env, StatusCode::kArgument, who + ": expected 64 bits, got more");
      } else if (is_integer(value, 0, kSafeInteger)) {
        seed = static_cast<uint64_t>(value.As<Napi::Number>().Int64Value());
      } else {
        fail(env, StatusCode::kArgument, who + ": expected a non-negative integer or a BigInt, got another value");
      }
      *reinterpret_cast<uint64_t*>(target) = seed;
      return;
    }
  }
}

// The number of a tensor that passes between calls, 0 for one with memory.
int read_passing(const Napi::Value& value, const std::string& who) {
  if (!value.IsObject()) return 0;
  const Napi::Value number = value.As<Napi::Object>().Get("passing");
  if (number.IsUndefined()) return 0;
  if (!is_integer(number, 1, kMaxPassing))
    fail(value.Env(), StatusCode::kArgument, who + ": expected passing from 1 to " + std::to_string(kMaxPassing) + ", got another value");
  return number.As<Napi::Number>().Int32Value();
}

// What a call says beside its runtime. `passes`: whether a tensor may pass.
void read_call(const std::string& name, const Napi::Array& tensors, const Napi::Object& settings, bool passes,
               PreparedCall& prepared) {
  const Napi::Env env = settings.Env();
  prepared.kernel = find_kernel(name);
  if (prepared.kernel == nullptr) fail(env, StatusCode::kArgument, "run: expected a known kernel, got '" + name + "'");
  const Kernel& kernel = *prepared.kernel;

  if (static_cast<int>(tensors.Length()) != kernel.tensor_count)
    fail(env, StatusCode::kArgument, name + ": expected " + std::to_string(kernel.tensor_count) + " tensors, got " +
                                         std::to_string(tensors.Length()));
  prepared.call.tensor_count = kernel.tensor_count;
  for (int i = 0; i < kernel.tensor_count; ++i) {
    const Napi::Value tensor = tensors.Get(static_cast<uint32_t>(i));
    const std::string who = name + " " + kernel.tensors[i].name;
    prepared.passing[i] = passes ? read_passing(tensor, who) : 0;
    if (prepared.passing[i] == 0)
      prepared.call.tensors[i] = read_view(tensor, kernel.tensors[i], who, prepared.runtime.get(), prepared.blocks[i]);
    else
      read_extent(tensor.As<Napi::Object>(), kernel.tensors[i], who, prepared.call.tensors[i]);
  }

  for (int i = 0; i < kernel.fields.count; ++i) {
    const Field& field = kernel.fields.list[i];
    read_field(settings.Get(field.name), field, name + " " + field.name, prepared.settings);
  }
}

}  // namespace

void prepare(const Napi::CallbackInfo& info, PreparedCall& prepared) {
  const Napi::Env env = info.Env();
  const FloatEnvironment environment;  // settings are rounded to float here
  if (info.Length() < 4 || !info[1].IsString() || !info[2].IsArray() || !info[3].IsObject())
    fail(env, StatusCode::kArgument, "run: expected (runtime, kernel, tensors, settings), got other arguments");
  prepared.runtime = RuntimeHandle::from(info[0], "run").runtime(env, "run");
  read_call(info[1].As<Napi::String>(), info[2].As<Napi::Array>(), info[3].As<Napi::Object>(), false, prepared);
}

void prepare_samples(const Napi::CallbackInfo& info, PreparedSamples& prepared) {
  const Napi::Env env = info.Env();
  const FloatEnvironment environment;
  const auto refuse = [&] {
    fail(env, StatusCode::kArgument, "runBySample: expected (runtime, [{ kernel, tensors, settings }]), got other arguments");
  };
  if (info.Length() < 2 || !info[1].IsArray()) refuse();
  prepared.runtime = RuntimeHandle::from(info[0], "runBySample").runtime(env, "runBySample");
  const Napi::Array calls = info[1].As<Napi::Array>();
  for (uint32_t i = 0; i < calls.Length(); ++i) {
    const Napi::Value value = calls.Get(i);
    if (!value.IsObject()) refuse();
    const Napi::Object call = value.As<Napi::Object>();
    const Napi::Value kernel = call.Get("kernel"), tensors = call.Get("tensors"), settings = call.Get("settings");
    if (!kernel.IsString() || !tensors.IsArray() || !settings.IsObject()) refuse();
    prepared.calls.push_back(std::make_unique<PreparedCall>());
    prepared.calls.back()->runtime = prepared.runtime;
    read_call(kernel.As<Napi::String>(), tensors.As<Napi::Array>(), settings.As<Napi::Object>(), true, *prepared.calls.back());
  }
}

Status ask(std::unique_ptr<PreparedCall> prepared) {
  // The runtime is to hold the rest: it must not hold itself, nor memory that may be handed out again behind this call.
  const std::shared_ptr<Runtime> runtime = std::move(prepared->runtime);
  if constexpr (!kGuarded)
    for (std::shared_ptr<Block>& block : prepared->blocks) block.reset();
  Call call = prepared->call;
  call.settings = prepared->settings;
  const Kernel& kernel = *prepared->kernel;
  return runtime->run(kernel, call, std::shared_ptr<PreparedCall>(std::move(prepared)));
}

Status gather(std::unique_ptr<PreparedSamples> prepared) {
  std::vector<SampleCall> calls;
  for (const std::unique_ptr<PreparedCall>& one : prepared->calls) {
    SampleCall call{one->kernel, one->call, {}, {}, {}};
    call.call.settings = one->settings;
    std::copy(std::begin(one->passing), std::end(one->passing), call.passing);
    std::move(std::begin(one->blocks), std::end(one->blocks), call.blocks);
    calls.push_back(std::move(call));
    one->runtime.reset();  // the runtime is to hold these: it must not hold itself
  }
  const std::shared_ptr<Runtime> runtime = std::move(prepared->runtime);
  return runtime->gather(std::move(calls), std::shared_ptr<PreparedSamples>(std::move(prepared)));
}

}  // namespace samebits
