// concatenate: rows of y are rows of all inputs, one behind the other. An input of n values in `rows` rows gives n / rows values to
// each row of y; up to eleven inputs, those that are given first.
// Order: no sum. Atomic: the same function, nothing is ever joined.
#pragma once

#include <cstddef>

#include "core/kernel.h"

namespace samebits {

struct Concatenate {
  int64_t rows;  // the product of the axes before the joined one
};

namespace concatenate {

inline constexpr int kMost = kMaxTensors - 1;

inline constexpr TensorSlot kForward[] = {
    input("x0"),           optional(input("x1")), optional(input("x2")), optional(input("x3")),
    optional(input("x4")), optional(input("x5")), optional(input("x6")), optional(input("x7")),
    optional(input("x8")), optional(input("x9")), optional(input("x10")), output("y")};

inline constexpr Field kFields[] = {{"rows", FieldType::kInt, offsetof(Concatenate, rows)}};

inline Status check(const Call& call) noexcept {
  const int64_t rows = call.as<Concatenate>().rows;
  int64_t values = 0;
  for (int i = 0; i < kMost; ++i) {
    if (!call.tensors[i].given()) continue;
    const int64_t size = call.tensors[i].size();
    if (rows < 0 || (rows == 0 ? size != 0 : size % rows != 0))
      return refuse(StatusCode::kShape, "concatenate: expected x%d in %lld rows, got %lld values", i,
                    static_cast<long long>(rows), static_cast<long long>(size));
    values += size;
  }
  if (values == call.tensors[kMost].size()) return {};
  return refuse(StatusCode::kShape, "concatenate: expected y of %lld values, got %lld", static_cast<long long>(values),
                static_cast<long long>(call.tensors[kMost].size()));
}

inline constexpr Contract kForwardContract = contract("concatenate.forward", kForward, fields(kFields), check);

}  // namespace concatenate
}  // namespace samebits
