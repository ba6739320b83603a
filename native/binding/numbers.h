// Which JavaScript values are whole numbers that native code takes.
#pragma once

#include <napi.h>

#include <cmath>

namespace samebits {

inline constexpr double kSafeInteger = 9007199254740991.0;

inline bool is_integer(const Napi::Value& value, double low, double high) {
  if (!value.IsNumber()) return false;
  const double number = value.As<Napi::Number>().DoubleValue();
  return std::floor(number) == number && number >= low && number <= high;
}

}  // namespace samebits
