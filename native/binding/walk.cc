#include "binding/walk.h"

#include <string>

#include "binding/errors.h"
#include "divergence/walk.h"

namespace samebits {
namespace {

Napi::TypedArray array_of(const Napi::Value& value, napi_typedarray_type type, const char* expected) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != type)
    fail(value.Env(), StatusCode::kArgument, std::string("walkPair: expected ") + expected + ", got something else");
  return value.As<Napi::TypedArray>();
}

double* doubles_of(const Napi::Value& value, size_t length) {
  const Napi::TypedArray array = array_of(value, napi_float64_array, "a Float64Array");
  if (array.ElementLength() != length)
    fail(value.Env(), StatusCode::kShape, "walkPair: expected a tally of " + std::to_string(length) + " numbers, got " +
                                              std::to_string(array.ElementLength()));
  return array.As<Napi::Float64Array>().Data();
}

}  // namespace

Napi::Value walk(const Napi::CallbackInfo& info) {
  const Napi::Float32Array a = array_of(info[0], napi_float32_array, "a Float32Array").As<Napi::Float32Array>();
  const Napi::Float32Array b = array_of(info[1], napi_float32_array, "a Float32Array").As<Napi::Float32Array>();
  if (a.ElementLength() != b.ElementLength())
    fail(info.Env(), StatusCode::kShape, "walkPair: expected two arrays of one length, got " + std::to_string(a.ElementLength()) +
                                             " and " + std::to_string(b.ElementLength()) + " elements");
  const WalkTally tally = {doubles_of(info[2], kWalkSums), doubles_of(info[3], kUlpBins), doubles_of(info[4], kByteCounts)};
  return Napi::Number::New(info.Env(), static_cast<double>(walk_pair(a.Data(), b.Data(), a.ElementLength(), tally)));
}

}  // namespace samebits
