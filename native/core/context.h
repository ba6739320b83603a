// What a kernel may use of the machine: parallel tasks and scratch memory. It never sees threads themselves,
// so it cannot let their number into a result.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "core/mode.h"

namespace samebits {

// What tests change about the place where kernels run; no result may depend on it.
struct Conditions {
  bool poisoned = false;                  // memory is handed out full of NaNs
  int64_t past_cache = int64_t{1} << 19;  // values from which on a result is stored past the caches (simd/elementwise.h)
};

class Context {
 public:
  // One task of a parallel loop: `task` in [0, tasks), `worker` in [0, workers()) names the thread's scratch.
  using Body = void (*)(void* state, int64_t task, int worker);

  Context() = default;
  explicit Context(const Conditions& conditions) : conditions_(conditions) {}
  virtual ~Context() = default;

  const Conditions& conditions() const noexcept { return conditions_; }

  // An upper bound of `worker`. Only for sizing scratch and grain; it must not reach an order of additions.
  virtual int workers() const noexcept = 0;

  // Runs every task once, each on whatever thread is free, and returns when all are done. Not to be nested.
  virtual void parallel(int64_t tasks, Body body, void* state) noexcept = 0;

  // 64-byte aligned memory that lives until the kernel returns; contents undefined. Null when memory is out,
  // in which case the kernel returns StatusCode::kMemory. Call it before parallel(), not inside.
  virtual void* scratch(size_t bytes) noexcept = 0;

  // parallel() for a callable: context.parallel(n, [&](int64_t task, int worker) { ... }).
  template <class F>
    requires(!std::is_pointer_v<std::remove_reference_t<F>>)
  void parallel(int64_t tasks, F&& f) noexcept {
    using Callable = std::remove_reference_t<F>;
    parallel(
        tasks, [](void* state, int64_t task, int worker) { (*static_cast<Callable*>(state))(task, worker); },
        const_cast<void*>(static_cast<const void*>(&f)));
  }

  template <class T>
  T* scratch_of(size_t count) noexcept {
    return static_cast<T*>(scratch(count * sizeof(T)));
  }

 private:
  Conditions conditions_;
};

}  // namespace samebits
