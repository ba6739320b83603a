// A kernel: its contract (name, tensors, settings, check, how it sums) and one function per instruction set and mode.
// An operation folder exports one OpEntry that lists its kernels, forward and backward.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/context.h"
#include "core/isa.h"
#include "core/mode.h"
#include "core/status.h"
#include "core/sums.h"
#include "core/view.h"

namespace samebits {

inline constexpr int kMaxTensors = 12;
inline constexpr int kMaxSettingsBytes = 512;
inline constexpr int kMostTogether = 64;  // calls that one launch computes

// One call, as check and kernel see it. Tensors are in the order of Contract::tensors, inputs before outputs.
struct Call {
  View tensors[kMaxTensors];
  int tensor_count = 0;
  const void* settings = nullptr;  // the operation's plain settings struct
  Context* context = nullptr;      // null while checking
  int64_t batch = 0;               // where the tensors are one sample of a batch: how many samples that has; otherwise 0
  // Of a multi-tensor kernel on a device: calls with the same settings that are to be computed with this one.
  const Call* others = nullptr;
  int other_count = 0;

  template <class Settings>
  const Settings& as() const noexcept {
    return *static_cast<const Settings*>(settings);
  }
};

using CheckFn = Status (*)(const Call&) noexcept;
using KernelFn = Status (*)(const Call&) noexcept;

// One field of a settings struct. The binding reads exactly these from the JavaScript object, all of them required.
enum class FieldType : int { kInt, kFloat, kSeed };  // int64_t, float, uint64_t (a BigInt or a safe integer)
struct Field {
  const char* name;  // camelCase, as TypeScript writes it
  FieldType type;
  size_t offset;
};

// The settings of a kernel: a plain struct and its fields.
struct Fields {
  const Field* list = nullptr;
  int count = 0;
};

template <size_t kCount>
constexpr Fields fields(const Field (&list)[kCount]) noexcept {
  return {list, static_cast<int>(kCount)};
}

struct TensorSlot {
  const char* name;
  Dtype dtype;
  bool optional = false;
  bool output = false;
  bool samples = false;  // axis 0 counts samples, and a sample's values depend on that sample alone
  bool copied = false;   // an output that the kernel also writes to View::copy
};

// A slot is written as what it is: input("x"), optional(input("bias")), copied(by_sample(output("y"))).
constexpr TensorSlot input(const char* name, Dtype dtype = Dtype::kFloat32) noexcept { return {name, dtype}; }

constexpr TensorSlot output(const char* name, Dtype dtype = Dtype::kFloat32) noexcept {
  TensorSlot slot = input(name, dtype);
  slot.output = true;
  return slot;
}

constexpr TensorSlot optional(TensorSlot slot) noexcept {
  slot.optional = true;
  return slot;
}

constexpr TensorSlot by_sample(TensorSlot slot) noexcept {
  slot.samples = true;
  return slot;
}

constexpr TensorSlot copied(TensorSlot slot) noexcept {
  slot.copied = true;
  return slot;
}

// Functions by mode; an operation that never splits a sum has the same function twice.
struct ModePair {
  KernelFn fn[kModeCount] = {nullptr, nullptr};
  // What joins the results that single samples gave (Call::batch of them, one after the other in the memory of each tensor that
  // does not go by samples) into the first; null where these are sums, which are added by the join tree.
  KernelFn join = nullptr;
};

// What there is to know of a kernel without running it; it stands in <op>.h, and capabilities() hands it to TypeScript.
struct Contract {
  const char* name;  // "conv2d.weightGradient": operation id, dot, part
  const TensorSlot* tensors;
  int tensor_count;
  Fields fields;
  CheckFn check;  // guards memory: refuses shapes and settings that would read or write outside
  Sums sums;
  bool multi_tensor = false;  // a device may compute calls in a row with equal settings, on other tensors each, together
};

template <size_t kCount>
constexpr Contract contract(const char* name, const TensorSlot (&tensors)[kCount], Fields fields, CheckFn check,
                            Sums sums = {}) noexcept {
  static_assert(kCount <= kMaxTensors);
  return {name, tensors, static_cast<int>(kCount), fields, check, sums, false};
}

constexpr Contract multi_tensor(Contract contract) noexcept {
  contract.multi_tensor = true;
  return contract;
}

struct Kernel : Contract {
  ModePair cpu[kIsaCount];  // null where the isa was not compiled
};

// Whether partial sums meet in this kernel, so that the two modes differ.
constexpr bool joins_sums(const Kernel& kernel) noexcept {
  const ModePair& scalar = kernel.cpu[static_cast<int>(Isa::kScalar)];
  return scalar.fn[static_cast<int>(Mode::kDeterministic)] != scalar.fn[static_cast<int>(Mode::kAtomic)];
}

struct OpEntry {
  const char* id;  // "conv2d"
  const Kernel* kernels;
  int kernel_count;
};

template <size_t kCount>
constexpr OpEntry op_entry(const char* id, const Kernel (&kernels)[kCount]) noexcept {
  return {id, kernels, static_cast<int>(kCount)};
}

}  // namespace samebits
