// Calls in a row of one kernel that become one launch ("multi-tensor apply"): an optimizer moves weight after weight, most of
// them so small that starting a kernel takes longer than its work.
#pragma once

#include <algorithm>
#include <cstring>

#include "core/kernel.h"

namespace samebits {

class CallGroup {
 public:
  bool empty() const noexcept { return count_ == 0; }

  // Whether a call can be computed with those gathered: the same kernel, mode and settings, and no memory that one of them
  // writes and the other one touches.
  bool takes(const Kernel& kernel, const Call& call, Mode mode) const noexcept {
    return kernel.multi_tensor && count_ < kMostTogether &&
           (empty() || (&kernel == kernel_ && mode == mode_ && same_settings(kernel, call) && stands_apart(call)));
  }

  // Behind takes().
  void add(const Kernel& kernel, const Call& call, Mode mode) noexcept {
    if (empty()) {
      kernel_ = &kernel;
      mode_ = mode;
      for (int i = 0; i < kernel.fields.count; ++i) {
        const Field& field = kernel.fields.list[i];
        std::memcpy(settings_ + field.offset, bytes_of(call.settings) + field.offset, size_of(field));
      }
    }
    calls_[count_] = call;
    calls_[count_++].settings = settings_;
  }

  const Kernel& kernel() const noexcept { return *kernel_; }
  Mode mode() const noexcept { return mode_; }
  // The first call, with the others behind it.
  Call joined() const noexcept {
    Call call = calls_[0];
    call.others = calls_ + 1;
    call.other_count = count_ - 1;
    return call;
  }
  void clear() noexcept { count_ = 0; }

 private:
  static const std::byte* bytes_of(const void* memory) noexcept { return static_cast<const std::byte*>(memory); }
  static size_t size_of(const Field& field) noexcept {
    return field.type == FieldType::kFloat ? sizeof(float) : sizeof(int64_t);
  }

  bool same_settings(const Kernel& kernel, const Call& call) const noexcept {
    return std::all_of(kernel.fields.list, kernel.fields.list + kernel.fields.count, [&](const Field& field) {
      return std::memcmp(settings_ + field.offset, bytes_of(call.settings) + field.offset, size_of(field)) == 0;
    });
  }

  static bool meet(const View& a, const View& b) noexcept {
    const std::byte *first = bytes_of(a.data), *second = bytes_of(b.data);
    return a.given() && b.given() && first < second + b.bytes() && second < first + a.bytes();
  }
  bool stands_apart(const Call& call) const noexcept {
    for (int other = 0; other < count_; ++other)
      for (int a = 0; a < call.tensor_count; ++a)
        for (int b = 0; b < call.tensor_count; ++b)
          if ((kernel_->tensors[a].output || kernel_->tensors[b].output) && meet(call.tensors[a], calls_[other].tensors[b]))
            return false;
    return true;
  }

  Call calls_[kMostTogether];
  int count_ = 0;
  const Kernel* kernel_ = nullptr;
  Mode mode_ = Mode::kDeterministic;
  alignas(16) std::byte settings_[kMaxSettingsBytes] = {};
};

}  // namespace samebits
