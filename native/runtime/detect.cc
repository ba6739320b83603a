#include "runtime/detect.h"

#include <initializer_list>

namespace samebits {

Availability isa_availability(Isa isa) noexcept {
  switch (isa) {
    case Isa::kScalar:
      return {true, ""};
#if defined(__x86_64__)
    case Isa::kAvx2:
#if defined(SAMEBITS_WITHOUT_AVX2)
      return {false, "this build has no AVX2 kernels"};
#endif
      if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return {true, ""};
      return {false, "this processor has no AVX2 with FMA"};
    case Isa::kAvx512:
#if defined(SAMEBITS_WITHOUT_AVX512)
      return {false, "this build has no AVX-512 kernels"};
#endif
      if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
          __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq"))
        return {true, ""};
      return {false, "this processor has no AVX-512 (F, VL, BW, DQ)"};
    case Isa::kNeon:
      return {false, "this build is for x86-64"};
#elif defined(__aarch64__)
    case Isa::kNeon:
      return {true, ""};
    case Isa::kAvx2:
    case Isa::kAvx512:
      return {false, "this build is for AArch64"};
#else
    default:
      return {false, "this build has the scalar kernels only"};
#endif
  }
  return {false, "unknown instruction set"};
}

Isa best_isa() noexcept {
  for (Isa isa : {Isa::kAvx512, Isa::kAvx2, Isa::kNeon})
    if (isa_availability(isa).available) return isa;
  return Isa::kScalar;
}

}  // namespace samebits
