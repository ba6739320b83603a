// Compiles the body named by SAMEBITS_BODY once per instruction set of this processor family, each in its own
// namespace and target region. A body includes nothing but fragments of the same kind (simd/tile.h, its own folder's),
// marks its functions static, and ends with a constant ModePair per kernel, which SAMEBITS_EACH_ISA gathers into the cpu
// columns of the table row.
// Included once per operation's .cc; no C++ file has compiler flags of its own. A whole build can do without one of the wide
// sets (-DSAMEBITS_WITHOUT_AVX2, -DSAMEBITS_WITHOUT_AVX512): guard builds and mutants, where the time to compile counts.
#include <cstddef>
#include <cstdint>
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

// Functions between the two are compiled for an instruction set. gcc has it as an option, clang as an attribute.
#define SAMEBITS_PRAGMA(TEXT) _Pragma(#TEXT)
#if defined(__clang__)
#define SAMEBITS_BEGIN_TARGET(SET) \
  SAMEBITS_PRAGMA(clang attribute push(__attribute__((target(SET))), apply_to = function))
#define SAMEBITS_END_TARGET SAMEBITS_PRAGMA(clang attribute pop)
#else
#define SAMEBITS_BEGIN_TARGET(SET) SAMEBITS_PRAGMA(GCC push_options) SAMEBITS_PRAGMA(GCC target(SET))
#define SAMEBITS_END_TARGET SAMEBITS_PRAGMA(GCC pop_options)
#endif

#include "core/exact_fma.h"
#include "core/fused.h"
#include "core/kernel.h"
#include "core/order.h"

namespace samebits::scalar {
namespace {
#include "simd/fma.h"
#include "simd/scalar.h"
#include "simd/common.h"
#include "simd/elementwise.h"
#include "simd/lanes.h"
#include SAMEBITS_BODY
}  // namespace
}  // namespace samebits::scalar

#if defined(__x86_64__)
#if defined(SAMEBITS_WITHOUT_AVX2)
#define SAMEBITS_AVX2(MODE_PAIR) {}
#else
#define SAMEBITS_AVX2(MODE_PAIR) ::samebits::avx2::MODE_PAIR
SAMEBITS_BEGIN_TARGET("avx2,fma")
namespace samebits::avx2 {
namespace {
#include "simd/fma.h"
#include "simd/avx2.h"
#include "simd/common.h"
#include "simd/elementwise.h"
#include "simd/lanes.h"
#include SAMEBITS_BODY
}  // namespace
}  // namespace samebits::avx2
SAMEBITS_END_TARGET
#endif

#if defined(SAMEBITS_WITHOUT_AVX512)
#define SAMEBITS_AVX512(MODE_PAIR) {}
#else
#define SAMEBITS_AVX512(MODE_PAIR) ::samebits::avx512::MODE_PAIR
SAMEBITS_BEGIN_TARGET("avx2,fma,avx512f,avx512vl,avx512bw,avx512dq")
namespace samebits::avx512 {
namespace {
#include "simd/fma.h"
#include "simd/avx512.h"
#include "simd/common.h"
#include "simd/elementwise.h"
#include "simd/lanes.h"
#include SAMEBITS_BODY
}  // namespace
}  // namespace samebits::avx512
SAMEBITS_END_TARGET
#endif
#define SAMEBITS_EACH_ISA(MODE_PAIR) \
  { ::samebits::scalar::MODE_PAIR, SAMEBITS_AVX2(MODE_PAIR), SAMEBITS_AVX512(MODE_PAIR), {} }

#elif defined(__aarch64__)
namespace samebits::neon {
namespace {
#include "simd/fma.h"
#include "simd/neon.h"
#include "simd/common.h"
#include "simd/elementwise.h"
#include "simd/lanes.h"
#include SAMEBITS_BODY
}  // namespace
}  // namespace samebits::neon
#define SAMEBITS_EACH_ISA(MODE_PAIR) \
  { ::samebits::scalar::MODE_PAIR, {}, {}, ::samebits::neon::MODE_PAIR }

#else
#define SAMEBITS_EACH_ISA(MODE_PAIR) \
  { ::samebits::scalar::MODE_PAIR, {}, {}, {} }
#endif
