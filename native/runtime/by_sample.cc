#include "runtime/by_sample.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <deque>
#include <iterator>
#include <mutex>
#include <new>
#include <thread>

#include "core/order.h"
#include "runtime/guarded.h"
#include "runtime/shares.h"
#include "runtime/worker_context.h"

namespace samebits {
namespace {

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
    std::atomic<int> idle{0};
    Shares shares(count);
    shares.deal(samples_, Deal::kByPlace);
    context_.parallel(count, [&](int64_t, int worker) {
      WorkerContext& own = workers[static_cast<size_t>(worker)];
      for (int64_t sample = shares.take(worker); sample >= 0; sample = shares.take(worker)) {
        for (const Stage& stage : stages_) {
          own.begin_kernel(idle.load(std::memory_order_relaxed) != 0);
          if (own.status.ok()) own.status = stage.fn(at(stage, sample, worker, own));
        }
        left.fetch_sub(1);
      }
      // Nothing left to take: help those who have.
      idle.fetch_add(1, std::memory_order_relaxed);
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
        if (!kGuarded && ended.place.per_worker >= passage.bytes && is_free(ended.place, passage)) passage.place = ended.place;
      if (passage.place.base == nullptr && !take_place(passage)) return false;
    }
    return true;
  }

  bool take_place(Passage& passage) {
    const int64_t step = kGuarded ? (passage.bytes + 127) / 64 * 64 : passage.bytes;  // with a gap that nobody may touch
    auto* base = context_.scratch_of<std::byte>(static_cast<size_t>(step * context_.workers()));
    if (base == nullptr) return false;
    for (int worker = 0; worker < context_.workers(); ++worker) forbid(base + worker * step + passage.bytes, step - passage.bytes);
    passage.place = {base, 0, step};
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

}  // namespace

Status run_by_sample(Context& context, Isa isa, const std::vector<SampleCall>& calls) noexcept {
  try {
    return BySample(context, isa).run(calls);
  } catch (const std::bad_alloc&) {
    return refuse(StatusCode::kMemory, "run by sample: expected memory, got none");
  }
}

}  // namespace samebits
