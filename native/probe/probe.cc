// Measures this machine's peaks and prints them as one JSON object: fused multiply-adds in GFLOP/s per instruction set
// and thread count, and memory bandwidth in GB/s for reading, writing, copying and a triad, over arrays of `mib` MiB.
//   probe <threads,threads,...> <mib> <repeats>
#include "probe/probe.h"

#include <algorithm>
#include <barrier>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#define SAMEBITS_BODY "probe/probe_body.h"
#include "simd/foreach_isa.h"

#include "runtime/detect.h"

namespace samebits {
namespace {

constexpr Probe kProbes[kIsaCount] = SAMEBITS_EACH_ISA(k_probe);
volatile float sink;         // keeps the compiler from dropping what is only computed to be timed
volatile float seed = 0.5f;  // and from computing it beforehand

using Seconds = std::vector<double>;

// Runs work(thread) on `threads` threads at once, `repeats` times after one warm-up. A repeat lasts from the first
// thread's start to the last one's end, by their own clocks: a bystander that holds the watch may itself be kept waiting.
template <class Work>
Seconds time_together(int threads, int repeats, Work work) {
  using Clock = std::chrono::steady_clock;
  std::barrier gate(threads);
  std::vector<std::vector<Clock::time_point>> starts(threads), ends(threads);
  std::vector<std::thread> pool;
  for (int t = 0; t < threads; ++t) {
    pool.emplace_back([&, t] {
      for (int r = 0; r <= repeats; ++r) {
        gate.arrive_and_wait();
        starts[t].push_back(Clock::now());
        work(t);
        __atomic_thread_fence(__ATOMIC_SEQ_CST);  // streamed stores are out
        ends[t].push_back(Clock::now());
      }
    });
  }
  for (auto& thread : pool) thread.join();
  Seconds seconds;
  for (int r = 1; r <= repeats; ++r) {
    Clock::time_point start = starts[0][r], end = ends[0][r];
    for (int t = 1; t < threads; ++t) {
      start = std::min(start, starts[t][r]);
      end = std::max(end, ends[t][r]);
    }
    seconds.push_back(std::chrono::duration<double>(end - start).count());
  }
  return seconds;
}

// Rates in units of 1e9 a second, as a JSON array.
std::string rates(double amount, const Seconds& seconds) {
  std::string out = "[";
  for (double s : seconds) {
    char text[32];
    std::snprintf(text, sizeof text, "%s%.3f", out.size() > 1 ? "," : "", amount / s * 1e-9);
    out += text;
  }
  return out + "]";
}

std::string fma_rates(const Probe& probe, int threads, int repeats) {
  int64_t rounds = 1 << 16;
  while (time_together(1, 1, [&](int) { sink = probe.fma(rounds, seed); })[0] < 0.05) rounds *= 2;
  const Seconds seconds = time_together(threads, repeats, [&](int) { sink = probe.fma(rounds, seed); });
  return rates(static_cast<double>(rounds * probe.flops_per_round) * threads, seconds);
}

struct Free {
  void operator()(float* p) const { std::free(p); }
};
using Array = std::unique_ptr<float, Free>;

Array make_array(int64_t bytes) {
  float* p = static_cast<float*>(std::aligned_alloc(64, static_cast<size_t>(bytes)));
  if (p == nullptr) {
    std::fprintf(stderr, "probe: expected %lld bytes of memory, got none\n", static_cast<long long>(bytes));
    std::exit(1);
  }
  std::fill(p, p + bytes / 4, 1.0f);
  return Array(p);
}

std::string bandwidth(const Probe& probe, int threads, int64_t bytes, int repeats) {
  const Array to = make_array(bytes), a = make_array(bytes), b = make_array(bytes);
  const int64_t share = bytes / 4 / threads / 64 * 64;  // each thread has its own run of memory
  const double moved = 4.0 * static_cast<double>(share) * threads;
  const auto read = time_together(threads, repeats, [&](int t) { sink = probe.read(a.get() + t * share, share); });
  const auto write = time_together(threads, repeats, [&](int t) { probe.write(to.get() + t * share, share); });
  const auto copy = time_together(
      threads, repeats, [&](int t) { probe.copy(to.get() + t * share, a.get() + t * share, share); });
  const auto triad = time_together(threads, repeats, [&](int t) {
    probe.triad(to.get() + t * share, a.get() + t * share, b.get() + t * share, share);
  });
  return "{\"read\":" + rates(moved, read) + ",\"write\":" + rates(moved, write) +
         ",\"copy\":" + rates(2 * moved, copy) + ",\"triad\":" + rates(3 * moved, triad) + "}";
}

int measure(const std::vector<int>& threads, int64_t mib, int repeats) {
  std::string fma, memory;
  for (int isa = 0; isa < kIsaCount; ++isa) {
    if (kProbes[isa].fma == nullptr || !isa_availability(static_cast<Isa>(isa)).available) continue;
    fma += (fma.empty() ? "\"" : ",\"") + std::string(kIsaNames[isa]) + "\":{";
    for (int count : threads)
      fma += (count == threads[0] ? "\"" : ",\"") + std::to_string(count) + "\":" + fma_rates(kProbes[isa], count, repeats);
    fma += "}";
  }
  const Probe& best = kProbes[static_cast<int>(best_isa())];
  for (int count : threads)
    memory += (count == threads[0] ? "\"" : ",\"") + std::to_string(count) + "\":" + bandwidth(best, count, mib << 20, repeats);
  std::printf("{\"fmaGflops\":{%s},\"memoryMiB\":%lld,\"memoryGBps\":{%s}}\n", fma.c_str(), static_cast<long long>(mib),
              memory.c_str());
  return 0;
}

}  // namespace
}  // namespace samebits

int main(int count, char** words) {
  std::vector<int> threads;
  if (count == 4) {
    for (char* at = words[1]; *at != '\0'; at += *at == ',' ? 1 : 0) {
      char* end = at;
      threads.push_back(static_cast<int>(std::strtol(at, &end, 10)));
      if (end == at || (*end != ',' && *end != '\0') || threads.back() < 1 || threads.back() > 1024) threads = {0};
      if (threads.back() == 0) break;
      at = end;
    }
  }
  const long mib = count == 4 ? std::strtol(words[2], nullptr, 10) : 0;
  const long repeats = count == 4 ? std::strtol(words[3], nullptr, 10) : 0;
  if (threads.empty() || threads.back() == 0 || mib < 1 || mib > 65536 || repeats < 1 || repeats > 1000) {
    std::fprintf(stderr, "usage: probe <threads,threads,...> <mib> <repeats>\n");
    return 2;
  }
  return samebits::measure(threads, mib, static_cast<int>(repeats));
}
