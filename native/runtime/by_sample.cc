#include "runtime/by_sample.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <deque>
#include <mutex>
#include <new>
#include <thread>

#include "core/order.h"

namespace samebits {
namespace {

// One worker's context: loops run where they are, and scratch memory taken for one sample serves the next. While the worker is
// at its last sample others may have none left: then they take tasks of its loops.
class WorkerContext final : public Context {
 public:
  WorkerContext(Context& whole, std::mutex& mutex, int id) : whole_(whole), mutex_(mutex), id_(id) {}

  int workers() const noexcept override { return shared_ ? whole_.workers() : 1; }
  void parallel(int64_t tasks, Body body, void* state) noexcept override {
    if (!shared_ || tasks < 2) {
      for (int64_t task = 0; task < tasks; ++task) body(state, task, 0);
      return;
    }
    body_ = body;
    state_ = state;
    tasks_ = tasks;
    next_.store(0, std::memory_order_relaxed);
    open_.store(true);
    take_tasks(0);
    open_.store(false);
    while (helpers_.load() != 0) std::this_thread::yield();
  }
  // Takes tasks of the loop that is open, if one is, as the worker `id`.
  void help(int id) noexcept {
    if (!open_.load()) return;
    // Looked at once more behind the count: whoever closes a loop waits for those that may have seen it open. All of these are
    // locked instructions where stores may be streamed, which puts the streamed ones in order too.
    helpers_.fetch_add(1);
    if (open_.load()) take_tasks(id == 0 ? id_ : id);  // to its kernels the owner is worker 0
    helpers_.fetch_sub(1);
  }
  void* scratch(size_t bytes) noexcept override {
    if (used_ < parts_.size() && parts_[used_].bytes >= bytes) return parts_[used_++].data;
    const std::lock_guard<std::mutex> lock(mutex_);
    const Part part{bytes, whole_.scratch(bytes)};
    if (part.data == nullptr) return nullptr;
    try {
      parts_.insert(parts_.begin() + static_cast<std::ptrdiff_t>(used_), part);
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
    ++used_;
    return part.data;
  }
  void begin_sample(bool shared) noexcept {
    used_ = 0;
    shared_ = shared;
  }

  Status status;  // the first refusal

 private:
  struct Part {
    size_t bytes;
    void* data;
  };
  void take_tasks(int worker) noexcept {
    for (int64_t task = next_.fetch_add(1); task < tasks_; task = next_.fetch_add(1)) body_(state_, task, worker);
  }

  Context& whole_;
  std::mutex& mutex_;
  const int id_;
  bool shared_ = false;
  Body body_ = nullptr;
  void* state_ = nullptr;
  int64_t tasks_ = 0;
  std::atomic<int64_t> next_{0};
  std::atomic<bool> open_{false};
  std::atomic<int> helpers_{0};
  std::vector<Part> parts_;
  size_t used_ = 0;
};

// Where the part of a tensor lies that one sample's call takes, in bytes.
struct Place {
  std::byte* base = nullptr;
  int64_t per_sample = 0, per_worker = 0;

  void* of(int64_t sample, int worker) const noexcept { return base + sample * per_sample + worker * per_worker; }
};

struct Stage {
  KernelFn fn, join;
  Call sample;  // the call on one sample, but for where its tensors lie
  Place places[kMaxTensors], copies[kMaxTensors];
};

// What passes under one number: from which call to which, and where every worker keeps it.
struct Passage {
  size_t first = 0, last = 0;
  int64_t bytes = 0;
  Place place;
};

// A sum over the batch: its samples' values, one after the other, and where the sum goes. With `joined` they are one already,
// in the first sample's place.
struct BatchSum {
  float *samples, *sum;
  int64_t size;
  bool joined;
};

void join_samples(float* items, int64_t count, int64_t stride, int64_t width) {
  if (count < 2) return;
  const int64_t left = join_left(count);
  float* right = items + left * stride;
  join_samples(items, left, stride, width);
  join_samples(right, count - left, stride, width);
  for (int64_t i = 0; i < width; ++i) items[i] += right[i];
}

// The samples of a call's tensors, -1 where none counts any.
int64_t samples_of(const SampleCall& call) noexcept {
  for (int i = 0; i < call.kernel->tensor_count; ++i)
    if (call.kernel->tensors[i].samples && call.call.tensors[i].rank > 0) return call.call.tensors[i].shape[0];
  return -1;
}

// The call on one sample, but for where its tensors lie.
Call sample_of(const SampleCall& call) noexcept {
  Call sample = call.call;
  for (int i = 0; i < sample.tensor_count; ++i) {
    View& view = sample.tensors[i];
    if (!call.kernel->tensors[i].samples || view.rank == 0) continue;
    view.whole = call.passing[i] == 0 ? view.size() : 0;
    sample.batch = view.shape[0];
    view.shape[0] = 1;
  }
  return sample;
}

class BySample {
 public:
  BySample(Context& context, Isa isa) : context_(context), isa_(isa) {}

  Status run(const std::vector<SampleCall>& calls) {
    samples_ = samples_of(calls.front());
    if (!lay_out(calls)) return refuse(StatusCode::kMemory, "run by sample: expected scratch memory, got none");
    for (const SampleCall& call : calls) {
      const Status planned = plan(call);
      if (!planned.ok()) return planned;
    }
    std::mutex mutex;
    const int count = context_.workers();
    std::deque<WorkerContext> workers;
    for (int worker = 0; worker < count; ++worker) workers.emplace_back(context_, mutex, worker);
    std::atomic<int64_t> left{samples_};
    // Behind the samples a task for each worker that runs out of them: to help until all are done.
    context_.parallel(count == 1 ? samples_ : samples_ + count, [&](int64_t n, int worker) {
      WorkerContext& own = workers[static_cast<size_t>(worker)];
      if (n < samples_) {
        own.begin_sample(count > 1 && n >= samples_ - count);
        for (const Stage& stage : stages_)
          if (own.status.ok()) own.status = stage.fn(at(stage, n, worker, own));
        left.fetch_sub(1);
        return;
      }
      while (left.load() != 0) {
        for (WorkerContext& other : workers)
          if (&other != &own) other.help(worker);
        std::this_thread::yield();
      }
    });
    for (const WorkerContext& worker : workers)
      if (!worker.status.ok()) return worker.status;
    for (const Stage& stage : stages_) {
      const Status joined = stage.join == nullptr ? Status{} : stage.join(at(stage, 0, 0, context_));
      if (!joined.ok()) return joined;
    }
    for (const BatchSum& sum : sums_) join(sum);
    return {};
  }

 private:
  // Memory for what passes: that of a passage that has ended serves the next, so that little of the caches is taken.
  bool lay_out(const std::vector<SampleCall>& calls) {
    for (size_t c = 0; c < calls.size(); ++c) {
      for (int i = 0; i < calls[c].kernel->tensor_count; ++i) {
        for (const int number : {calls[c].passing[i], calls[c].copied[i]}) {
          if (number == 0) continue;
          Passage& passage = passages_[number - 1];
          if (passage.bytes == 0) passage.first = c;
          passage.bytes = sample_of(calls[c]).tensors[i].bytes();
          passage.last = c;
        }
      }
    }
    for (Passage& passage : passages_) {
      if (passage.bytes == 0) continue;
      for (const Passage& ended : passages_)
        if (ended.place.per_worker >= passage.bytes && is_free(ended.place, passage)) passage.place = ended.place;
      if (passage.place.base == nullptr)
        passage.place = {context_.scratch_of<std::byte>(static_cast<size_t>(passage.bytes * context_.workers())), 0, passage.bytes};
      if (passage.place.base == nullptr) return false;
    }
    return true;
  }

  bool is_free(const Place& place, const Passage& passage) const noexcept {
    return std::none_of(std::begin(passages_), std::end(passages_), [&](const Passage& other) {
      return other.place.base == place.base && other.first <= passage.last && passage.first <= other.last;
    });
  }

  Status plan(const SampleCall& call) {
    const Kernel& kernel = *call.kernel;
    const ModePair& functions = kernel.cpu[static_cast<int>(isa_)];
    Stage stage{functions.fn[static_cast<int>(Mode::kDeterministic)], functions.join, sample_of(call), {}, {}};
    if (stage.fn == nullptr)
      return refuse(StatusCode::kDevice, "%s: expected a kernel for cpu/%s, got none in this build", kernel.name,
                    kIsaNames[static_cast<int>(isa_)]);
    for (int i = 0; i < kernel.tensor_count; ++i)
      if (!place(call, i, stage)) return refuse(StatusCode::kMemory, "%s: expected scratch memory, got none", kernel.name);
    stages_.push_back(stage);
    return {};
  }

  // False when scratch memory is out.
  bool place(const SampleCall& call, int i, Stage& stage) {
    const TensorSlot& slot = call.kernel->tensors[i];
    const View& view = stage.sample.tensors[i];
    Place& place = stage.places[i];
    const int64_t bytes = view.bytes();
    if (call.copied[i] != 0) stage.copies[i] = passages_[call.copied[i] - 1].place;
    if (call.passing[i] != 0) {
      place = passages_[call.passing[i] - 1].place;
      return true;
    }
    place.base = static_cast<std::byte*>(view.data);
    if (!view.given()) return true;
    if (slot.samples) place.per_sample = bytes;
    if (slot.samples || !slot.output) return true;
    float* items = context_.scratch_of<float>(static_cast<size_t>(view.size() * samples_));
    sums_.push_back({items, view.f32(), view.size(), stage.join != nullptr});
    place = {reinterpret_cast<std::byte*>(items), bytes, 0};
    return items != nullptr;
  }

  static Call at(const Stage& stage, int64_t sample, int worker, Context& context) noexcept {
    Call call = stage.sample;
    call.context = &context;
    for (int i = 0; i < call.tensor_count; ++i) {
      const Place &place = stage.places[i], &copy = stage.copies[i];
      if (place.base != nullptr) call.tensors[i].data = place.of(sample, worker);
      if (copy.base != nullptr) call.tensors[i].copy = static_cast<float*>(copy.of(sample, worker));
    }
    return call;
  }

  void join(const BatchSum& sum) noexcept {
    constexpr int64_t kGrain = 4096;
    context_.parallel(ceil_div(sum.size, kGrain), [&](int64_t task, int) {
      const int64_t begin = task * kGrain, width = std::min(kGrain, sum.size - begin);
      if (!sum.joined) join_samples(sum.samples + begin, samples_, sum.size, width);
      std::copy_n(sum.samples + begin, width, sum.sum + begin);
    });
  }

  Context& context_;
  Isa isa_;
  int64_t samples_ = 0;
  std::vector<Stage> stages_;
  std::vector<BatchSum> sums_;
  Passage passages_[kMaxPassing];
};

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

Status run_by_sample(Context& context, Isa isa, const std::vector<SampleCall>& calls) noexcept {
  try {
    return BySample(context, isa).run(calls);
  } catch (const std::bad_alloc&) {
    return refuse(StatusCode::kMemory, "run by sample: expected memory, got none");
  }
}

}  // namespace samebits
