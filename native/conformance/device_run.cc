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

  // Whether the device still does what it is asked: after some faults it never does again in this process.
  bool alive() { return runtime_.finish().ok(); }

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

// What became of one case.
struct Told {
  int same = 0, close = 0;
  size_t patterns = 0;
  std::vector<std::string> faults;
};

void in_deterministic(OnDevice& device, const Case& one, int count, Told* told, Outcome* first) {
  std::vector<Outcome> outcomes = device.runs(one, count);
  for (int run = 0; run < count; ++run) {
    if (outcomes[run].digest == one.expected)
      ++told->same;
    else if (told->faults.empty())
      told->faults.push_back("deterministic, run " + std::to_string(run + 1) + ": " + difference(one, outcomes[run]));
  }
  *first = std::move(outcomes[0]);
}

void in_atomic(OnDevice& device, const Case& one, int count, Told* told, const Outcome& reference) {
  std::set<std::string> digests;
  for (const Outcome& outcome : device.runs(one, count)) {
    digests.insert(outcome.digest);
    told->close += close_to(outcome, reference, one.tolerance) ? 1 : 0;
  }
  told->patterns = digests.size();
  if (told->close == count) return;
  char text[120];
  std::snprintf(text, sizeof text, "atomic: expected values within %g of the device's deterministic ones, got others",
                static_cast<double>(one.tolerance));
  told->faults.push_back(text);
}

std::string quoted(const std::string& text) {
  std::string json = "\"";
  for (const char each : text) {
    char escaped[8];
    if (each == '"' || each == '\\')
      json += '\\';
    if (static_cast<unsigned char>(each) < 0x20) {
      std::snprintf(escaped, sizeof escaped, "\\u%04x", each);
      json += escaped;
    } else {
      json += each;
    }
  }
  return json + '"';
}

void print(size_t number, const Case& one, const Told& told, bool ran_in_atomic) {
  std::string faults;
  for (const std::string& fault : told.faults) faults += (faults.empty() ? "" : ",") + quoted(fault);
  const std::string close = ran_in_atomic ? std::to_string(told.close) : "null";
  std::printf("{\"case\":%zu,\"title\":%s,\"same\":%d,\"close\":%s,\"patterns\":%zu,\"faults\":[%s]}\n", number,
              quoted(one.title).c_str(), told.same, close.c_str(), told.patterns, faults.c_str());
  std::fflush(stdout);
}

std::vector<size_t> chosen(const std::vector<Case>& cases, const DeviceRun& how) {
  std::vector<size_t> numbers;
  for (size_t i = 0; i < cases.size(); ++i) {
    if (!how.only.empty() ? how.only == cases[i].title || how.only == std::to_string(i)
                          : i >= static_cast<size_t>(how.from) && i % static_cast<size_t>(how.every) == 0)
      numbers.push_back(i);
  }
  if (numbers.empty() && !how.only.empty())
    throw std::runtime_error("expected the title or the number of a case, got '" + how.only + "'");
  return numbers;
}

}  // namespace

DeviceVerdict run_device(const std::vector<Case>& cases, const DeviceRun& how) {
  OnDevice deterministic(Mode::kDeterministic), atomic(Mode::kAtomic);
  bool all = true;
  const std::vector<size_t> numbers = chosen(cases, how);
  std::printf("{\"wanted\":%zu}\n", numbers.size());
  std::fflush(stdout);
  for (const size_t number : numbers) {
    const Case& one = cases[number];
    Told told;
    bool lost = false;
    try {
      Outcome first;
      in_deterministic(deterministic, one, how.runs, &told, &first);
      if (one.in_atomic) in_atomic(atomic, one, how.runs, &told, first);
    } catch (const std::exception& error) {
      told.faults.push_back(error.what());
      lost = !deterministic.alive() || !atomic.alive();
    }
    all = all && told.faults.empty();
    print(number, one, told, one.in_atomic);
    if (lost) return DeviceVerdict::kLost;
  }
  std::printf("{\"target\":\"cuda/%s\"}\n", cuda_architecture());
  return all ? DeviceVerdict::kSame : DeviceVerdict::kDifferent;
}

}  // namespace samebits::conformance
