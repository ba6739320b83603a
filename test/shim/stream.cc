#include "stream.h"

#include <cstdlib>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace shim {
namespace {

std::recursive_mutex mutex;
std::deque<std::function<cudaError_t()>> queue;
uint64_t asked = 0, done = 0;
int waited = 0;
cudaError_t untold = cudaSuccess;
std::map<std::string, int> counted;

struct Plan {
  std::string call;
  int nth = 0;
  cudaError_t error = cudaSuccess;
  bool always = false;
};

Plan from_environment() {
  const char* text = std::getenv("SAMEBITS_SHIM_FAIL");
  if (text == nullptr) return {};
  const std::string all = text;
  const size_t first = all.find(':'), second = all.find(':', first + 1);
  if (first == std::string::npos || second == std::string::npos) std::abort();
  return {all.substr(0, first), std::atoi(all.c_str() + first + 1),
          static_cast<cudaError_t>(std::atoi(all.c_str() + second + 1)), all.find(":always") != std::string::npos};
}

Plan& plan() {
  static Plan planned = from_environment();
  return planned;
}

}  // namespace

int Inside::depth = 0;

uint64_t enqueue(std::function<cudaError_t()> work) {
  const Inside inside;
  const std::lock_guard lock(mutex);
  queue.push_back(std::move(work));
  return ++asked;
}

cudaError_t wait_until(uint64_t number) {
  const Inside inside;
  const std::lock_guard lock(mutex);
  if (done < number) ++waited;
  while (done < number) {
    const std::function<cudaError_t()> work = std::move(queue.front());
    queue.pop_front();
    ++done;
    const cudaError_t error = work();
    if (untold == cudaSuccess) untold = error;
  }
  return std::exchange(untold, cudaSuccess);
}

cudaError_t wait_for_all() {
  const Inside inside;
  const std::lock_guard lock(mutex);
  return wait_until(asked);
}

bool is_done(uint64_t number) {
  const Inside inside;
  const std::lock_guard lock(mutex);
  return done >= number;
}

int waits() { return waited; }

int calls(const char* call) {
  const Inside inside;
  const std::lock_guard lock(mutex);
  return counted[call];
}

cudaError_t planned_error(const char* call) {
  const Inside inside;
  const std::lock_guard lock(mutex);
  ++counted[call];
  Plan& planned = plan();
  if (planned.call != call || planned.nth == 0) return cudaSuccess;
  if (planned.nth > 1) return --planned.nth, cudaSuccess;
  if (!planned.always) planned.nth = 0;
  return planned.error;
}

void plan_error(const char* call, int nth, cudaError_t error, bool always) {
  const Inside inside;
  const std::lock_guard lock(mutex);
  plan() = {call, nth, error, always};
}

}  // namespace shim
