// The floating-point environment every kernel runs in: round to nearest, denormals kept. Another addon in the process
// may have changed it (a library built with fast-math switches flush-to-zero on when it loads), so it is saved, set and
// restored around each call, and set in each pool thread.
#pragma once

#include <cstdint>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace samebits {

class FloatEnvironment {
 public:
  FloatEnvironment() noexcept : saved_(read()) { write(kDefault); }
  ~FloatEnvironment() { write(saved_); }
  FloatEnvironment(const FloatEnvironment&) = delete;
  FloatEnvironment& operator=(const FloatEnvironment&) = delete;

 private:
#if defined(__x86_64__)
  using Word = unsigned;
  static constexpr Word kDefault = 0x1f80;  // MXCSR: all exceptions masked, nearest, no FTZ, no DAZ
  static Word read() noexcept { return _mm_getcsr(); }
  static void write(Word word) noexcept { _mm_setcsr(word); }
#elif defined(__aarch64__)
  using Word = uint64_t;
  static constexpr Word kDefault = 0;  // FPCR: nearest, no flush to zero, NaN propagation
  static Word read() noexcept {
    Word word;
    asm volatile("mrs %0, fpcr" : "=r"(word));
    return word;
  }
  static void write(Word word) noexcept { asm volatile("msr fpcr, %0" : : "r"(word)); }
#else
#error "samebits: this processor family has no floating-point environment guard yet; port native/runtime/float_environment.h"
#endif
  Word saved_;
};

}  // namespace samebits
