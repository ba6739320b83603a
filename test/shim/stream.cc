#include "stream.h"

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "grid.h"
#include "memory.h"

namespace shim {
namespace {

struct Work {
  std::function<cudaError_t()> go;
  Kind kind;
};

std::recursive_mutex mutex;
std::deque<Work> queue;
uint64_t asked = 0, done = 0;
int waited = 0;
std::string fault = "unspecified launch failure";
cudaError_t untold = cudaSuccess;
cudaError_t lost = cudaSuccess;  // what a device that is lost to the process says to every call

struct Tally {
  std::map<std::string, int> calls;
  ~Tally() {
    const char* path = std::getenv("SAMEBITS_SHIM_TALLY");
    std::FILE* file = path == nullptr ? nullptr : std::fopen(path, "w");
    if (file == nullptr) return;
    for (const auto& [call, count] : calls) std::fprintf(file, "%s %d\n", call.c_str(), count);
    std::fprintf(file, "left %zu\n", left());
    std::fclose(file);
  }
} counted;

enum class Lasts { kOnce, kAlways, kSticky };

struct Plan {
  std::string call;
  int nth = 0;
  cudaError_t error = cudaSuccess;
  Lasts lasts = Lasts::kOnce;
};

Plan planned_by(const std::string& all) {
  if (all.empty()) return {};
  const size_t first = all.find(':'), second = all.find(':', first + 1);
  if (first == std::string::npos || second == std::string::npos) std::abort();
  const bool sticky = all.find(":sticky") != std::string::npos, always = all.find(":always") != std::string::npos;
  return {all.substr(0, first), std::atoi(all.c_str() + first + 1),
          static_cast<cudaError_t>(std::atoi(all.c_str() + second + 1)),
          sticky ? Lasts::kSticky : always ? Lasts::kAlways : Lasts::kOnce};
}

// What the environment asks for now; a plan made by plan_error stays until that changes.
Plan& plan() {
  static Plan planned;
  static std::string followed;
  const char* text = std::getenv("SAMEBITS_SHIM_FAIL");
  if (followed == (text == nullptr ? "" : text)) return planned;
  followed = text == nullptr ? "" : text;
  lost = untold = cudaSuccess;
  return planned = planned_by(followed);
}

// From here on nothing is done but giving memory back.
void lose(cudaError_t error) {
  lost = error;
  while (!queue.empty()) {
    const Work work = std::move(queue.front());
    queue.pop_front();
    if (work.kind == Kind::kGivesBack) work.go();
  }
  done = asked;
}

cudaError_t wait(uint64_t number) {
  plan();
  if (done < number) ++waited;
  while (done < number) {
    const cudaError_t planned = planned_error("work");
    if (lost != cudaSuccess) break;
    const Work work = std::move(queue.front());
    queue.pop_front();
    ++done;
    const cudaError_t error = work.go();
    if (untold != cudaSuccess) continue;
    untold = planned == cudaSuccess ? error : planned;
    if (error == cudaErrorLaunchFailure) fault = first_fault();
  }
  return lost != cudaSuccess ? lost : std::exchange(untold, cudaSuccess);
}

}  // namespace

int Inside::depth = 0;

uint64_t enqueue(std::function<cudaError_t()> work, Kind kind) {
  const Inside inside;
  const std::lock_guard lock(mutex);
  if (lost == cudaSuccess) {
    queue.push_back({std::move(work), kind});
    return ++asked;
  }
  if (kind == Kind::kGivesBack) work();
  return asked;
}

cudaError_t wait_until(uint64_t number) {
  const Inside inside;
  const std::lock_guard lock(mutex);
  return wait(number);
}

cudaError_t wait_for_all() {
  const Inside inside;
  const std::lock_guard lock(mutex);
  return wait(asked);
}

bool is_done(uint64_t number) {
  const Inside inside;
  const std::lock_guard lock(mutex);
  return done >= number;
}

int waits() { return waited; }
const char* told_fault() { return fault.c_str(); }

int calls(const char* call) {
  const Inside inside;
  const std::lock_guard lock(mutex);
  return counted.calls[call];
}

cudaError_t planned_error(const char* call) {
  const Inside inside;
  const std::lock_guard lock(mutex);
  ++counted.calls[call];
  Plan& planned = plan();
  if (lost != cudaSuccess) return lost;
  if (planned.call != call || planned.nth == 0) return cudaSuccess;
  if (planned.nth > 1) return --planned.nth, cudaSuccess;
  const cudaError_t error = planned.error;
  if (planned.lasts == Lasts::kSticky) lose(error);
  if (planned.lasts != Lasts::kAlways) planned.nth = 0;
  return error;
}

void plan_error(const char* call, int nth, cudaError_t error, bool always) {
  const Inside inside;
  const std::lock_guard lock(mutex);
  plan() = {call, nth, error, always ? Lasts::kAlways : Lasts::kOnce};
}

}  // namespace shim
