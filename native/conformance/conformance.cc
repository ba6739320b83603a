// The conformance program: runs the cases of a file on every instruction set of this build and processor, without Node,
// so that it can be compiled for another processor and run under an emulator. Says by name what it does not run.
//   conformance cases FILE [--threads 1,2,3,7] [--rows] [--hashes]
//                                                            every case: deterministic mode on each number of threads must
//                                                            give the expected digest; atomic mode must come close.
//                                                            With --rows also where kernels go sample by sample (replay.h)
//   conformance cases FILE --device cuda [--runs 5] [--every N] [--from N] [--only CASE]
//                                                            every Nth case on the device of this build, or one by its
//                                                            title or number (device_run.h)
//   conformance fma COUNT SEED                               core/exact_fma.h against the processor's instruction
//   conformance plant FAULT ISA                              guard builds only: a fault that must be found (planted.h)
// Exit status: 0 all the same, 1 something differs, 2 a call or file it cannot use, 3 nothing to compare with, 4 the device
// is lost to this process: the cases behind the last one told of were not run.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "conformance/case_file.h"
#include "conformance/device_run.h"
#include "conformance/fma_check.h"
#include "conformance/planted.h"
#include "conformance/replay.h"
#include "runtime/detect.h"
#include "runtime/kernel_table.h"

namespace samebits::conformance {
namespace {

struct Options {
  std::vector<int> threads = {1, 2, 3, 7};
  bool hashes = false, rows = false, on_device = false;
  DeviceRun device;
};

// Kernels of the table that no case runs: coverage is part of what is checked.
int report_missing_kernels(const std::vector<Case>& cases) {
  std::set<const Kernel*> run;
  for (const Case& one : cases)
    for (const auto& step : one.steps)
      if (const auto* call = std::get_if<KernelCall>(&step)) run.insert(call->kernel);
  int missing = 0;
  for (const OpEntry* operation : all_operations()) {
    for (int i = 0; i < operation->kernel_count; ++i) {
      if (run.count(&operation->kernels[i]) != 0) continue;
      ++missing;
      std::printf("%s: expected a case that runs it, got none\n", operation->kernels[i].name);
    }
  }
  return missing;
}

std::string target_name(Isa isa, Mode mode) {
  return std::string("cpu/") + kIsaNames[static_cast<int>(isa)] +
         (mode == Mode::kAtomic ? "/atomic" : "/deterministic");
}

// What is read before it is written shows, and small results are stored past the caches too.
constexpr Conditions kConditions{true, 2048};

int run_isa(Isa isa, const std::vector<Case>& cases, const Options& options) {
  const std::string deterministic = target_name(isa, Mode::kDeterministic), atomic = target_name(isa, Mode::kAtomic);
  std::vector<std::unique_ptr<Runtime>> runtimes;
  for (const int threads : options.threads)
    runtimes.push_back(std::make_unique<Runtime>(Target{isa, Mode::kDeterministic, threads, {}, {}, kConditions}));
  const int most_threads = *std::max_element(options.threads.begin(), options.threads.end());
  Runtime racing(Target{isa, Mode::kAtomic, most_threads, {}, {}, kConditions});
  int same = 0, close = 0, in_atomic = 0;
  for (const Case& one : cases) {
    Outcome first;
    bool all = true;
    for (size_t i = 0; i < runtimes.size(); ++i) {
      Outcome outcome = replay(*runtimes[i], one);
      if (outcome.digest != one.expected) {
        all = false;
        std::printf("%s, %d threads: %s: expected %s, got %s\n", deterministic.c_str(), options.threads[i],
                    one.title.c_str(), one.expected.c_str(), outcome.digest.c_str());
      }
      if (i == 0) first = std::move(outcome);
    }
    for (size_t i = 0; options.rows && i < runtimes.size(); ++i) {
      const Outcome outcome = replay(*runtimes[i], one, Way::kRows);
      if (outcome.digest == one.expected) continue;
      all = false;
      std::printf("%s, %d threads, in rows: %s: expected %s, got %s\n", deterministic.c_str(), options.threads[i],
                  one.title.c_str(), one.expected.c_str(), outcome.digest.c_str());
    }
    if (options.hashes) std::printf("%s %s %s\n", deterministic.c_str(), first.digest.c_str(), one.title.c_str());
    same += all ? 1 : 0;
    if (!one.in_atomic) continue;
    ++in_atomic;
    if (close_to(replay(racing, one), first, one.tolerance))
      ++close;
    else
      std::printf("%s: %s: expected values within %g of the deterministic ones, got others\n", atomic.c_str(),
                  one.title.c_str(), static_cast<double>(one.tolerance));
  }
  std::string counts;
  for (const int threads : options.threads) counts += (counts.empty() ? "" : ", ") + std::to_string(threads);
  std::printf("%s: %d of %zu cases have the expected digest with %s threads\n", deterministic.c_str(), same,
              cases.size(), counts.c_str());
  std::printf("%s: %d of %d cases are within their tolerance with %d threads\n", atomic.c_str(), close, in_atomic,
              racing.target().threads);
  std::fflush(stdout);
  return static_cast<int>(cases.size()) - same + in_atomic - close;
}

int run_cases(const std::string& path, const Options& options) {
  const std::vector<Case> cases = read_cases(path);
  int faults = report_missing_kernels(cases);
  if (options.on_device) {
    const DeviceVerdict verdict = run_device(cases, options.device);
    if (verdict == DeviceVerdict::kLost) return 4;
    return faults == 0 && verdict == DeviceVerdict::kSame ? 0 : 1;
  }
  for (int i = 0; i < kIsaCount; ++i) {
    const Isa isa = static_cast<Isa>(i);
    const Availability availability = isa_availability(isa);
    if (availability.available)
      faults += run_isa(isa, cases, options);
    else
      std::printf("cpu/%s/* is not run here: %s\n", kIsaNames[i], availability.reason);
  }
  return faults == 0 ? 0 : 1;
}

bool read_threads(const char* text, std::vector<int>* threads) {
  threads->clear();
  for (const char* at = text;;) {
    char* end = nullptr;
    const long count = std::strtol(at, &end, 10);
    if (end == at || count < 1 || count > 1024 || (*end != ',' && *end != '\0')) return false;
    threads->push_back(static_cast<int>(count));
    if (*end == '\0') return true;
    at = end + 1;
  }
}

int main(int count, char** words) {
  if (count == 4 && std::strcmp(words[1], "fma") == 0)
    return check_fma(std::strtoull(words[2], nullptr, 10), std::strtoull(words[3], nullptr, 10));
#if defined(SAMEBITS_PLANTED)
  if (count == 4 && std::strcmp(words[1], "plant") == 0) return plant(words[2], words[3]);
#endif
  bool usable = count >= 3 && std::strcmp(words[1], "cases") == 0;
  Options options;
  for (int i = 3; usable && i < count; ++i) {
    const char *word = words[i], *value = i + 1 < count ? words[i + 1] : "";
    if (std::strcmp(word, "--hashes") == 0) {
      options.hashes = true;
      continue;
    }
    if (std::strcmp(word, "--rows") == 0) {
      options.rows = true;
      continue;
    }
    ++i;
    if (std::strcmp(word, "--threads") == 0)
      usable = read_threads(value, &options.threads);
    else if (std::strcmp(word, "--device") == 0)
      usable = options.on_device = std::strcmp(value, "cuda") == 0;
    else if (std::strcmp(word, "--runs") == 0)
      usable = (options.device.runs = std::atoi(value)) > 0;
    else if (std::strcmp(word, "--every") == 0)
      usable = (options.device.every = std::atoi(value)) > 0;
    else if (std::strcmp(word, "--from") == 0)
      usable = (options.device.from = std::atoi(value)) >= 0 && i < count;
    else
      usable = std::strcmp(word, "--only") == 0 && !(options.device.only = value).empty();
  }
  if (!usable) {
    std::fprintf(stderr,
                 "usage: conformance cases FILE [--threads 1,2,3,7] [--rows] [--hashes]\n"
                 "       conformance cases FILE --device cuda [--runs N] [--every N] [--from N] [--only CASE]\n"
                 "       conformance fma COUNT SEED\n");
    return 2;
  }
  try {
    return run_cases(words[2], options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "conformance: %s\n", error.what());
    return 2;
  }
}

}  // namespace
}  // namespace samebits::conformance

int main(int count, char** words) { return samebits::conformance::main(count, words); }
