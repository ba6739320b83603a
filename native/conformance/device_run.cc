#include "conformance/device_run.h"

#include <cstdio>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>

#include "conformance/replay.h"
#include "core/numerics.h"
#include "runtime/detect.h"
#include "runtime/device.h"

namespace samebits::conformance {
namespace {

class OnDevice {
 public:
  explicit OnDevice(Mode mode) : runtime_(Target{Isa::kScalar, mode, 1}, open()) {}

  // Every run of a case.
  std::vector<Outcome> runs(const Case& one, int count) {
    std::vector<Outcome> outcomes;
    for (int run = 0; run < count; ++run) outcomes.push_back(replay(runtime_, one));
    return outcomes;
  }

 private:
  static std::shared_ptr<Device> open() {
    std::shared_ptr<Device> device;
    const Status status = open_cuda(device);
    if (!status.ok()) throw std::runtime_error(status.message);
    return device;
  }

  Runtime runtime_;
};

// The case on the CPU; nothing in a build without the CPU's kernels.
std::optional<Outcome> on_cpu(const Case& one) {
  static Runtime cpu(Target{Isa::kScalar, Mode::kDeterministic, 1});
  try {
    return replay(cpu, one);
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

// What differs, in words: the digests, and where the CPU gives the expected one the first element.
std::string difference(const Case& one, const Outcome& got) {
  const std::string digests = "expected " + one.expected + ", got " + got.digest;
  const std::optional<Outcome> want = on_cpu(one);
  if (!want.has_value() || want->digest != one.expected) return digests;
  for (size_t r = 0; r < want->results.size(); ++r)
    for (size_t i = 0; i < want->results[r].size(); ++i) {
      const float expected = want->results[r][i], value = got.results[r][i];
      if (numerics::to_bits(expected) == numerics::to_bits(value)) continue;
      char text[160];
      std::snprintf(text, sizeof text, "; result %zu, element %zu of %zu: expected 0x%08x (%a), got 0x%08x (%a)", r, i,
                    want->results[r].size(), numerics::to_bits(expected), static_cast<double>(expected),
                    numerics::to_bits(value), static_cast<double>(value));
      return digests + text;
    }
  return digests;
}

bool all_close(const std::vector<Outcome>& outcomes, const Outcome& reference, float tolerance) {
  for (const Outcome& outcome : outcomes)
    if (!close_to(outcome, reference, tolerance)) return false;
  return true;
}

size_t different(const std::vector<Outcome>& outcomes) {
  std::set<std::string> digests;
  for (const Outcome& outcome : outcomes) digests.insert(outcome.digest);
  return digests.size();
}

}  // namespace

int run_device(const std::vector<Case>& cases, const DeviceRun& how) {
  OnDevice deterministic(Mode::kDeterministic), atomic(Mode::kAtomic);
  const std::string target = std::string("cuda/") + cuda_architecture();
  int count = 0, same = 0, in_atomic = 0, close = 0, differing = 0;
  for (size_t i = 0; i < cases.size(); i += static_cast<size_t>(how.every)) {
    const Case& one = cases[i];
    ++count;
    bool all = true;
    const std::vector<Outcome> outcomes = deterministic.runs(one, how.runs);
    for (int run = 0; run < how.runs && all; ++run) {
      all = outcomes[run].digest == one.expected;
      if (!all)
        std::printf("%s/deterministic, run %d: %s: %s\n", target.c_str(), run + 1, one.title.c_str(),
                    difference(one, outcomes[run]).c_str());
    }
    same += all ? 1 : 0;
    if (!one.in_atomic) continue;
    ++in_atomic;
    const std::vector<Outcome> racing = atomic.runs(one, how.runs);
    differing += different(racing) > 1 ? 1 : 0;
    if (all_close(racing, outcomes[0], one.tolerance))
      ++close;
    else
      std::printf("%s/atomic: %s: expected values within %g of the device's deterministic ones, got others\n",
                  target.c_str(), one.title.c_str(), static_cast<double>(one.tolerance));
  }
  std::printf(
      "{\"target\":\"%s\",\"cases\":%d,\"runs\":%d,\"same\":%d,\"inAtomic\":%d,\"close\":%d,\"differing\":%d}\n",
      target.c_str(), count, how.runs, same, in_atomic, close, differing);
  return count - same + in_atomic - close;
}

}  // namespace samebits::conformance
