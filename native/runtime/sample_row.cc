#include "runtime/sample_row.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace samebits {
namespace {

// What was written so far of the tensors that pass: the values of one sample, 0 for nothing.
struct Written {
  int64_t size[kMaxPassing] = {};
};

Status check_tensor(const SampleCall& call, int i, int64_t samples, Written& written) noexcept {
  const TensorSlot& slot = call.kernel->tensors[i];
  const View& view = call.call.tensors[i];
  const char *kernel = call.kernel->name, *name = slot.name;
  if (call.passing[i] == 0 && !view.given()) return {};
  if (call.passing[i] != 0 && (!slot.samples || slot.dtype != Dtype::kFloat32))
    return refuse(StatusCode::kArgument, "%s %s: expected memory, got a tensor that passes", kernel, name);
  if (!slot.samples) return {};
  const int64_t own = view.rank < 1 ? 0 : view.shape[0];
  if (own < 1 || own != samples)
    return refuse(StatusCode::kShape, "%s %s: expected as many samples as in every tensor, at least 1, got %lld", kernel, name,
                  static_cast<long long>(own));
  if (call.passing[i] == 0) return {};
  int64_t& size = written.size[call.passing[i] - 1];
  if (slot.output && size == 0) size = view.size() / samples;
  if (size == 0)
    return refuse(StatusCode::kArgument, "%s %s: expected a tensor that was written, got one that passes from no call", kernel, name);
  if (size != view.size() / samples)
    return refuse(StatusCode::kShape, "%s %s: expected the %lld values of a sample that pass, got %lld", kernel, name,
                  static_cast<long long>(size), static_cast<long long>(view.size() / samples));
  return {};
}

// Whether two calls may name these tensors when the second goes behind the first, sample by sample.
bool fits(const SampleCall& first, int i, const SampleCall& second, int j) noexcept {
  const View &a = first.call.tensors[i], &b = second.call.tensors[j];
  const TensorSlot &of_a = first.kernel->tensors[i], &of_b = second.kernel->tensors[j];
  if (!a.given() || !b.given() || (!of_a.output && !of_b.output)) return true;
  const auto begins = [](const View& view) { return static_cast<const std::byte*>(view.data); };
  const bool apart = begins(a) + a.bytes() <= begins(b) || begins(b) + b.bytes() <= begins(a);
  return apart || (of_a.samples && of_b.samples && a.data == b.data && a.bytes() == b.bytes());
}

// The first tensor of `second` that keeps it from going behind `first`, -1 for none.
int misfit(const SampleCall& first, const SampleCall& second) noexcept {
  for (int j = 0; j < second.kernel->tensor_count; ++j)
    for (int i = 0; i < first.kernel->tensor_count; ++i)
      if (!fits(first, i, second, j)) return j;
  return -1;
}

// Whether `second` reads what `first` writes: only then do they gain from going together.
bool reads_from(const SampleCall& first, const SampleCall& second) noexcept {
  for (int i = 0; i < first.kernel->tensor_count; ++i)
    for (int j = 0; j < second.kernel->tensor_count; ++j)
      if (first.kernel->tensors[i].output && !second.kernel->tensors[j].output && first.call.tensors[i].given() &&
          first.call.tensors[i].data == second.call.tensors[j].data)
        return true;
  return false;
}

int most_passing(const std::vector<SampleCall>& calls) noexcept {
  int most = 0;
  for (const SampleCall& call : calls) most = std::max(most, *std::max_element(std::begin(call.passing), std::end(call.passing)));
  return most;
}

// How many of the calls' tensors lie in this block.
long holders(const std::vector<SampleCall>& calls, const std::shared_ptr<Block>& block) noexcept {
  long count = 0;
  for (const SampleCall& call : calls) count += std::count(std::begin(call.blocks), std::end(call.blocks), block);
  return count;
}

bool read_behind(const std::vector<SampleCall>& calls, std::vector<SampleCall>::const_iterator call, int i) noexcept {
  for (auto behind = call + 1; behind != calls.end(); ++behind)
    for (int j = 0; j < behind->kernel->tensor_count; ++j)
      if (!behind->kernel->tensors[j].output && behind->call.tensors[j].data == call->call.tensors[i].data) return true;
  return false;
}

}  // namespace

Status check_by_sample(const std::vector<SampleCall>& calls) noexcept {
  Written written;
  for (const SampleCall& call : calls) {
    const int64_t samples = samples_of(calls.front());
    if (samples_of(call) < 0)
      return refuse(StatusCode::kArgument, "%s: expected a kernel that goes by samples, got one that does not", call.kernel->name);
    for (int i = 0; i < call.kernel->tensor_count; ++i) {
      const Status checked = check_tensor(call, i, samples, written);
      if (!checked.ok()) return checked;
    }
    for (const SampleCall* before = calls.data(); before != &call; ++before) {
      const int i = misfit(*before, call);
      if (i >= 0)
        return refuse(StatusCode::kArgument, "%s %s: expected memory that %s uses for the same samples or only reads, got other",
                      call.kernel->name, call.kernel->tensors[i].name, before->kernel->name);
    }
    Call sample = sample_of(call);
    float somewhere = 0.0f;  // what passes is given, too
    for (int i = 0; i < sample.tensor_count; ++i)
      if (call.passing[i] != 0) sample.tensors[i].data = &somewhere;
    const Status checked = call.kernel->check(sample);
    if (!checked.ok()) return checked;
  }
  return {};
}

bool goes_behind(const std::vector<SampleCall>& calls, std::vector<SampleCall>& next) noexcept {
  if (calls.empty() || next.empty() || samples_of(calls.front()) != samples_of(next.front())) return false;
  bool reads = false;
  for (const SampleCall& first : calls) {
    for (const SampleCall& second : next) {
      if (misfit(first, second) >= 0) return false;
      reads = reads || reads_from(first, second);
    }
  }
  if (!reads) return false;
  const int passing = most_passing(calls);
  if (passing + most_passing(next) > kMaxPassing) return false;
  for (SampleCall& call : next)
    for (int& number : call.passing) number += number == 0 ? 0 : passing;
  return true;
}

void let_pass(std::vector<SampleCall>& calls) noexcept {
  int passing = most_passing(calls);
  for (auto call = calls.begin(); call != calls.end(); ++call) {
    for (int i = 0; i < call->kernel->tensor_count && passing < kMaxPassing; ++i) {
      const TensorSlot& slot = call->kernel->tensors[i];
      const std::shared_ptr<Block>& block = call->blocks[i];
      if (!slot.output || !slot.samples || call->passing[i] != 0 || block == nullptr) continue;
      const bool gone = block.use_count() <= holders(calls, block);
      if (!gone && !(slot.copied && read_behind(calls, call, i))) continue;
      (gone ? call->passing : call->copied)[i] = ++passing;
      bool written = false;
      for (auto behind = call + 1; behind != calls.end() && (gone || !written); ++behind) {
        for (int j = 0; j < behind->kernel->tensor_count; ++j) {
          if (behind->call.tensors[j].data != call->call.tensors[i].data) continue;
          const bool output = behind->kernel->tensors[j].output;
          written = written || output;
          if (gone || !output) behind->passing[j] = passing;
        }
      }
    }
  }
}

}  // namespace samebits
