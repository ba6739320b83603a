#include "conformance/planted.h"

#include <atomic>
#include <cstdio>
#include <cstring>
#include <limits>
#include <thread>

#include "runtime/kernel_table.h"
#include "runtime/runtime.h"

namespace samebits::conformance {
namespace {

constexpr int64_t kSamples = 3, kValues = 7;  // of a sample: no whole vectors, so masked accesses overrun, too
constexpr TensorSlot kPassed[] = {by_sample(input("x")), by_sample(output("y"))};

Status no_check(const Call&) noexcept { return {}; }

// A kernel of one's own on every instruction set: its tensors are x and y.
constexpr Kernel kernel_of(const char* name, KernelFn fn) {
  const ModePair pair{{fn, fn}};
  return {contract(name, kPassed, {}, no_check), {pair, pair, pair, pair}};
}

Status write_scratch(const Call& call) noexcept {
  volatile float* scratch = call.context->scratch_of<float>(kValues);
  scratch[kValues] = 1.0f;
  return {};
}

Status write_behind(const Call& call) noexcept {
  volatile float* y = call.tensors[1].f32();
  for (int64_t i = 0; i <= call.tensors[1].size(); ++i) y[i] = 1.0f;
  return {};
}

// Two tasks that meet before they write, so that they are surely those of two threads.
Status write_twice(const Call& call) noexcept {
  std::atomic<int> met{0};
  volatile float* y = call.tensors[1].f32();
  call.context->parallel(2, [&](int64_t, int) {
    met.fetch_add(1, std::memory_order_relaxed);
    while (met.load(std::memory_order_relaxed) < 2) std::this_thread::yield();
    y[0] = y[0] + 1.0f;
  });
  return {};
}

Status copy(const Call& call) noexcept {
  for (int64_t i = 0; i < call.tensors[0].size(); ++i) call.tensors[1].f32()[i] = call.tensors[0].f32()[i];
  return {};
}

constexpr Kernel kCopy = kernel_of("planted.copy", copy);
constexpr Kernel kWriteScratch = kernel_of("planted.scratch", write_scratch);
constexpr Kernel kWriteBehind = kernel_of("planted.passing", write_behind);
constexpr Kernel kWriteTwice = kernel_of("planted.race", write_twice);

View view_of(const std::shared_ptr<Block>& block, int64_t samples = kSamples, int64_t values = kValues) {
  View view;
  view.data = block->data;
  view.rank = 2;
  view.shape[0] = samples;
  view.shape[1] = values;
  return view;
}

Call call_of(const std::shared_ptr<Block>& x, const std::shared_ptr<Block>& y) {
  Call call;
  call.tensor_count = 2;
  call.tensors[0] = view_of(x);
  call.tensors[1] = view_of(y);
  return call;
}

void say(const Status& status) {
  if (!status.ok()) std::fprintf(stderr, "plant: %s\n", status.message);
}

struct Planting {
  Runtime& runtime;
  std::shared_ptr<Block> x = runtime.take(kSamples * kValues * sizeof(float));
  std::shared_ptr<Block> y = runtime.take(kSamples * kValues * sizeof(float));

  void run(const Kernel& kernel, const Call& call) { say(runtime.run(kernel, call)); }
  void run(const Kernel& kernel) { run(kernel, call_of(x, y)); }
  // relu of tensors of one value more than x and y were made for.
  void run_longer() {
    Call call = call_of(x, y);
    for (int i = 0; i < call.tensor_count; ++i) {
      call.tensors[i].shape[0] = 1;
      call.tensors[i].shape[1] = kSamples * kValues + 1;
    }
    run(*find_kernel("relu.forward"), call);
  }
};

void plant_write(Planting& p) {
  p.x = p.runtime.take((kSamples * kValues + 1) * sizeof(float));
  p.run_longer();
}
void plant_read(Planting& p) {
  p.y = p.runtime.take((kSamples * kValues + 1) * sizeof(float));
  p.run_longer();
}
void plant_scratch(Planting& p) { p.run(kWriteScratch); }
void plant_passing(Planting& p) {
  std::shared_ptr<Block> between = p.runtime.take(kSamples * kValues * sizeof(float));
  std::vector<SampleCall> calls{{&kWriteBehind, call_of(p.x, between), {}, {p.x, between}, {}},
                                {&kCopy, call_of(between, p.y), {}, {between, p.y}, {}}};
  between.reset();  // so it passes
  say(p.runtime.gather(std::move(calls), nullptr));
}
void plant_freed(Planting& p) {
  const Call call = call_of(p.x, p.y);
  p.x.reset();
  p.run(*find_kernel("relu.forward"), call);
}
void plant_race(Planting& p) { p.run(kWriteTwice); }
void plant_overflow(Planting&) {
  volatile int64_t most = std::numeric_limits<int64_t>::max();
  most = most + 1;
}

constexpr struct {
  const char* name;
  void (*plant)(Planting&);
} kFaults[] = {
    {"write", plant_write}, {"read", plant_read}, {"scratch", plant_scratch},   {"passing", plant_passing},
    {"freed", plant_freed}, {"race", plant_race}, {"overflow", plant_overflow},
};

}  // namespace

int plant(const char* fault, const char* isa) noexcept {
  for (int i = 0; i < kIsaCount; ++i) {
    if (std::strcmp(kIsaNames[i], isa) != 0) continue;
    for (const auto& one : kFaults) {
      if (std::strcmp(one.name, fault) != 0) continue;
      Runtime runtime(Target{static_cast<Isa>(i), Mode::kDeterministic, 2});
      Planting planting{runtime};
      one.plant(planting);
      (void)runtime.finish();
      std::printf("%s on %s: nobody noticed\n", fault, isa);
      return 0;
    }
  }
  std::fprintf(stderr, "plant: expected a fault and an instruction set, got '%s' and '%s'\n", fault, isa);
  return 2;
}

}  // namespace samebits::conformance
