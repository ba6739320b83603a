// The one stream of the shim: what is asked of it is done when somebody waits, as on a device that is far behind; and the
// errors that a test wants of a call.
//   SAMEBITS_SHIM_FAIL=cudaMallocFromPoolAsync:3:700     the third such call from now on fails with error 700. With :always
//                                                        behind it the ones after it too; with :sticky every call of CUDA, as
//                                                        after a fault that a process does not survive. It may change while the
//                                                        process runs: calls are counted anew, and the device is well again.
// A call named `work` is a piece of work of the stream that is done, such as a kernel: whoever waits for it is told.
//   SAMEBITS_SHIM_TALLY=FILE   at the end of the process, lines `name count`: every call, and what was never given back
#pragma once

#include <cuda_runtime.h>

#include <cstdint>
#include <functional>

namespace shim {

// While one lives, what takes memory does so for the shim and not for what is tested.
struct Inside {
  static int depth;
  Inside() { ++depth; }
  ~Inside() { --depth; }
};

// Something to do in the order of the stream; returns what went wrong. Giving memory back is done on a lost device too.
enum class Kind { kWork, kGivesBack };
uint64_t enqueue(std::function<cudaError_t()> work, Kind kind = Kind::kWork);
// Does all that was asked for until the numbered piece of work; the first error of it, told once.
cudaError_t wait_until(uint64_t number);
cudaError_t wait_for_all();
bool is_done(uint64_t number);
// Waits for work that was not done yet, so far.
int waits();
// What was wrong with the work that last failed, in words.
const char* told_fault();

// How often a call of this name was made.
int calls(const char* call);
// The error that was asked for of this call, if its turn has come.
cudaError_t planned_error(const char* call);
// From now on, the `nth` call of this name (from 1) fails with `error`; with `always` also those after it. An empty name: none.
void plan_error(const char* call, int nth, cudaError_t error, bool always = false);

}  // namespace shim
