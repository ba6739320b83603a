#include "runtime/by_sample.h"

#include <algorithm>
#include <mutex>
#include <new>

#include "core/order.h"

namespace samebits {
namespace {

// One worker's context: loops run where they are, and scratch memory taken for one sample serves the next.
class WorkerContext final : public Context {
 public:
  WorkerContext(Context& whole, std::mutex& mutex) : whole_(whole), mutex_(mutex) {}

  int workers() const noexcept override { return 1; }
  void parallel(int64_t tasks, Body body, void* state) noexcept override {
    for (int64_t task = 0; task < tasks; ++task) body(state, task, 0);
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
  void begin_sample() noexcept { used_ = 0; }

  Status status;  // the first refusal

 private:
  struct Part {
    size_t bytes;
    void* data;
  };
  Context& whole_;
  std::mutex& mutex_;
  std::vector<Part> parts_;
  size_t used_ = 0;
};

// Where the part of a tensor lies that one sample's call takes, in floats.
struct Place {
  float* base = nullptr;
  int64_t per_sample = 0, per_worker = 0;
};

struct Stage {
  const SampleCall* of;
  KernelFn fn;
  Call sample;  // the call on one sample, but for where its tensors lie
  Place places[kMaxTensors];
};

// A sum over the batch: its samples' values, one after the other, and where the sum goes.
struct BatchSum {
  float *samples, *sum;
  int64_t size;
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
    for (const SampleCall& call : calls) {
      const Status planned = plan(call);
      if (!planned.ok()) return planned;
    }
    for (Stage& stage : stages_) {
      const Status checked = stage.of->kernel->check(at(stage, 0, 0));
      if (!checked.ok()) return checked;
    }
    std::mutex mutex;
    std::vector<WorkerContext> workers;
    workers.reserve(static_cast<size_t>(context_.workers()));
    for (int worker = 0; worker < context_.workers(); ++worker) workers.emplace_back(context_, mutex);
    context_.parallel(samples_, [&](int64_t n, int worker) {
      WorkerContext& own = workers[static_cast<size_t>(worker)];
      own.begin_sample();
      for (const Stage& stage : stages_) {
        if (!own.status.ok()) return;
        Call call = at(stage, n, worker);
        call.context = &own;
        own.status = stage.fn(call);
      }
    });
    for (const WorkerContext& worker : workers)
      if (!worker.status.ok()) return worker.status;
    for (const BatchSum& sum : sums_) join(sum);
    return {};
  }

 private:
  Status plan(const SampleCall& call) {
    const Kernel& kernel = *call.kernel;
    Stage stage{&call, kernel.cpu[static_cast<int>(isa_)].fn[static_cast<int>(Mode::kDeterministic)], call.call, {}};
    if (stage.fn == nullptr)
      return refuse(StatusCode::kDevice, "%s: expected a kernel for cpu/%s, got none in this build", kernel.name,
                    kIsaNames[static_cast<int>(isa_)]);
    bool goes = false;
    for (int i = 0; i < kernel.tensor_count; ++i) {
      const TensorSlot& slot = kernel.tensors[i];
      View& view = stage.sample.tensors[i];
      if (call.passing[i] == 0 && !view.given()) continue;
      if (call.passing[i] != 0 && !slot.samples)
        return refuse(StatusCode::kArgument, "%s %s: expected memory, got a tensor that passes", kernel.name, slot.name);
      if (slot.samples) {
        if (view.rank < 1 || view.shape[0] < 1 || (samples_ >= 0 && view.shape[0] != samples_))
          return refuse(StatusCode::kShape, "%s %s: expected as many samples as in every tensor, at least 1, got %lld",
                        kernel.name, slot.name, static_cast<long long>(view.rank < 1 ? 0 : view.shape[0]));
        samples_ = view.shape[0];
        goes = true;
      }
    }
    if (!goes) return refuse(StatusCode::kArgument, "%s: expected a kernel that goes by samples, got one that does not", kernel.name);
    for (int i = 0; i < kernel.tensor_count; ++i) {
      const Status placed = place(stage, i);
      if (!placed.ok()) return placed;
    }
    stages_.push_back(stage);
    return {};
  }

  Status place(Stage& stage, int i) {
    const TensorSlot& slot = stage.of->kernel->tensors[i];
    const int passing = stage.of->passing[i];
    View& view = stage.sample.tensors[i];
    Place& place = stage.places[i];
    if (passing == 0 && !view.given()) return {};
    place.base = view.f32();
    if (slot.samples) {
      view.whole = passing == 0 ? view.size() : 0;
      view.shape[0] = 1;
    }
    const int64_t size = view.size();
    if (passing != 0) {
      Passing& all = passing_[passing - 1];
      if (all.data == nullptr) {
        if (!slot.output)
          return refuse(StatusCode::kArgument, "%s %s: expected a tensor that was written, got one that passes from no call",
                        stage.of->kernel->name, slot.name);
        all = {context_.scratch_of<float>(static_cast<size_t>(size * context_.workers())), size};
        if (all.data == nullptr) return out_of_memory();
      }
      if (all.size != size)
        return refuse(StatusCode::kShape, "%s %s: expected the %lld values of a sample that pass, got %lld", stage.of->kernel->name,
                      slot.name, static_cast<long long>(all.size), static_cast<long long>(size));
      place = {all.data, 0, size};
    } else if (slot.samples) {
      place.per_sample = size;
    } else if (slot.output) {
      float* items = context_.scratch_of<float>(static_cast<size_t>(size * samples_));
      if (items == nullptr) return out_of_memory();
      sums_.push_back({items, place.base, size});
      place = {items, size, 0};
    }
    return {};
  }

  static Call at(const Stage& stage, int64_t sample, int worker) noexcept {
    Call call = stage.sample;
    for (int i = 0; i < call.tensor_count; ++i) {
      const Place& place = stage.places[i];
      if (place.base != nullptr) call.tensors[i].data = place.base + sample * place.per_sample + worker * place.per_worker;
    }
    return call;
  }

  void join(const BatchSum& sum) noexcept {
    constexpr int64_t kGrain = 4096;
    context_.parallel(ceil_div(sum.size, kGrain), [&](int64_t task, int) {
      const int64_t begin = task * kGrain, width = std::min(kGrain, sum.size - begin);
      join_samples(sum.samples + begin, samples_, sum.size, width);
      std::copy_n(sum.samples + begin, width, sum.sum + begin);
    });
  }

  static Status out_of_memory() noexcept { return refuse(StatusCode::kMemory, "run by sample: expected scratch memory, got none"); }

  struct Passing {
    float* data = nullptr;
    int64_t size = 0;
  };

  Context& context_;
  Isa isa_;
  int64_t samples_ = -1;
  std::vector<Stage> stages_;
  std::vector<BatchSum> sums_;
  Passing passing_[kMaxPassing];
};

}  // namespace

Status run_each_sample(Context& context, Isa isa, const std::vector<SampleCall>& calls) noexcept {
  try {
    return BySample(context, isa).run(calls);
  } catch (const std::bad_alloc&) {
    return refuse(StatusCode::kMemory, "run by sample: expected memory, got none");
  }
}

}  // namespace samebits
