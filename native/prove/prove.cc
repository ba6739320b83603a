// Compares a function of native/core/numerics.h with higher precision over all 2^32 inputs, or over every
// stride-th of them, and prints one JSON line: inputs, mismatches, how many needed quad precision, and a digest.
//
// Digest: the results in input order, little-endian, in blocks of 2^20; SHA-256 of each block, then SHA-256 of those
// in order. It does not depend on the number of threads.
//   prove FUNCTION STRIDE OFFSET THREADS    the proof
//   prove FUNCTION at BITS...               the results of these inputs, one a line, all in hexadecimal
//   prove powi EXPONENT BITS...             the same for an integer power
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "prove/judges.h"
#include "prove/sha256.h"

namespace samebits::prove {

constexpr uint64_t kBlock = uint64_t{1} << 20;
constexpr int kPart = 4096;
// Relative distance within which a judge's value may be wrong: 512 units of a double, 1024 of a quad.
constexpr double kDoubleDoubt = 0x1p-44;
constexpr Quad kQuadDoubt = 0x1p-103;

struct Job {
  uint64_t stride = 1, offset = 0;
  int threads = 2;
};

struct Tally {
  std::atomic<uint64_t> next{0}, done{0}, mismatches{0}, doubtful{0}, undecided{0};
  std::mutex printing;
};

// Rounds value to float if every number within the doubt around it rounds to the same one.
template <typename T>
bool round_surely(T value, T doubt, uint32_t* bits) {
  if (value != value) {
    *bits = numerics::kNan;
    return true;
  }
  *bits = numerics::to_bits(static_cast<float>(value * (1 - doubt)));
  return *bits == numerics::to_bits(static_cast<float>(value * (1 + doubt)));
}

template <typename F>
void check_one(uint32_t input, uint32_t got, Tally* tally) {
  const float x = numerics::from_bits(input);
  uint32_t expected;
  if (!round_surely(F::in_double(x), kDoubleDoubt, &expected)) {
    ++tally->doubtful;
    if (!round_surely(F::in_quad(x), kQuadDoubt, &expected)) {
      ++tally->undecided;
      return;
    }
  }
  if (got == expected) return;
  if (++tally->mismatches > 40) return;
  const std::lock_guard<std::mutex> lock(tally->printing);
  std::fprintf(stderr, "%s: input 0x%08x: expected 0x%08x, got 0x%08x\n", F::name, input, expected, got);
}

template <typename F>
void work(const Job& job, uint64_t inputs, std::vector<std::array<uint8_t, 32>>* digests, Tally* tally) {
  static_assert(kBlock % kPart == 0);
  uint32_t input[kPart], result[kPart];
  for (;;) {
    const uint64_t block = tally->next++;
    if (block >= digests->size()) return;
    Sha256 sha;
    const uint64_t end = inputs < (block + 1) * kBlock ? inputs : (block + 1) * kBlock;
    for (uint64_t begin = block * kBlock; begin < end; begin += kPart) {
      const int count = static_cast<int>(end - begin < kPart ? end - begin : kPart);
      for (int i = 0; i < count; ++i) input[i] = static_cast<uint32_t>(job.offset + (begin + i) * job.stride);
      for (int i = 0; i < count; ++i) result[i] = numerics::to_bits(F::ours(numerics::from_bits(input[i])));
      for (int i = 0; i < count; ++i) check_one<F>(input[i], result[i], tally);
      sha.update(result, sizeof(uint32_t) * count);
      tally->done += count;
    }
    (*digests)[block] = sha.finish();
  }
}

template <typename F>
bool prove(const Job& job) {
  const auto start = std::chrono::steady_clock::now();
  const uint64_t inputs = ((uint64_t{1} << 32) - job.offset + job.stride - 1) / job.stride;
  std::vector<std::array<uint8_t, 32>> digests((inputs + kBlock - 1) / kBlock);
  Tally tally;
  std::vector<std::thread> threads;
  for (int i = 0; i < job.threads; ++i) threads.emplace_back([&] { work<F>(job, inputs, &digests, &tally); });
  while (isatty(STDERR_FILENO) && tally.done < inputs) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    std::fprintf(stderr, "\r%s: %5.1f %% \r", F::name,
                 100.0 * static_cast<double>(tally.done) / static_cast<double>(inputs));
  }
  for (std::thread& thread : threads) thread.join();
  Sha256 all;
  for (const auto& digest : digests) all.update(digest.data(), digest.size());
  const std::string text = hex_of(all.finish());
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::printf("{\"function\":\"%s\",\"stride\":%llu,\"offset\":%llu,\"inputs\":%llu,\"mismatches\":%llu,"
              "\"quad\":%llu,\"undecided\":%llu,\"digest\":\"sha256:%s\",\"seconds\":%.1f}\n",
              F::name, static_cast<unsigned long long>(job.stride), static_cast<unsigned long long>(job.offset),
              static_cast<unsigned long long>(inputs), static_cast<unsigned long long>(tally.mismatches),
              static_cast<unsigned long long>(tally.doubtful), static_cast<unsigned long long>(tally.undecided),
              text.c_str(), seconds.count());
  return tally.mismatches == 0 && tally.undecided == 0;
}

template <typename F>
void print_each(int count, char** inputs, F f) {
  for (int i = 0; i < count; ++i) {
    const uint32_t bits = static_cast<uint32_t>(std::strtoul(inputs[i], nullptr, 16));
    std::printf("0x%08x\n", numerics::to_bits(f(numerics::from_bits(bits))));
  }
}
template <typename F>
void print_at(int count, char** inputs) {
  print_each(count, inputs, F::ours);
}
int print_powers(int count, char** values) {
  const int32_t exponent = count > 0 ? std::atoi(values[0]) : 0;
  print_each(count - 1, values + 1, [=](float x) { return numerics::powi(x, exponent); });
  return 0;
}

struct Entry {
  const char* name;
  bool (*prove)(const Job&);
  void (*print_at)(int count, char** inputs);
};
template <typename F>
constexpr Entry entry() {
  return {F::name, prove<F>, print_at<F>};
}
constexpr Entry kFunctions[] = {entry<exp>(),   entry<log>(), entry<tanh>(), entry<sigmoid>(), entry<log1p>(),
                                entry<expm1>(), entry<normal_cdf>(), entry<sin>(), entry<cos>(), entry<sqrt>(), entry<rsqrt>()};

int run(const Entry& entry, int count, char** values) {
  if (count >= 1 && std::strcmp(values[0], "at") == 0) {
    entry.print_at(count - 1, values + 1);
    return 0;
  }
  if (count != 3) {
    std::fprintf(stderr, "prove: expected FUNCTION STRIDE OFFSET THREADS, got %d arguments\n", count + 1);
    return 2;
  }
  return entry.prove(
             {std::strtoull(values[0], nullptr, 10), std::strtoull(values[1], nullptr, 10), std::atoi(values[2])})
             ? 0
             : 1;
}

}  // namespace samebits::prove

// Called by scripts/prove.mjs, which checks what a person types.
int main(int count, char** values) {
  const char* name = count > 1 ? values[1] : "";
  if (std::strcmp(name, "powi") == 0) return samebits::prove::print_powers(count - 2, values + 2);
  for (const auto& entry : samebits::prove::kFunctions)
    if (std::strcmp(entry.name, name) == 0) return samebits::prove::run(entry, count - 2, values + 2);
  std::fprintf(stderr, "prove: expected a function of numerics.h, got '%s'\n", name);
  return 2;
}
