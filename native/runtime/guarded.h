// A build under AddressSanitizer has no pools: each piece of memory is one of its own that ends with its last byte, is let go
// only when nothing that was asked for uses it any more, and is not handed out again soon. So an access outside of a tensor,
// or after its time, is found where it happens.
#pragma once

#include <cstddef>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SAMEBITS_GUARDED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SAMEBITS_GUARDED 1
#endif
#if defined(SAMEBITS_GUARDED)
#include <sanitizer/asan_interface.h>
#endif

namespace samebits {

#if defined(SAMEBITS_GUARDED)
inline constexpr bool kGuarded = true;
#else
inline constexpr bool kGuarded = false;
#endif

// Makes an access to these bytes an error, until the memory they are part of is let go.
inline void forbid([[maybe_unused]] const void* from, [[maybe_unused]] size_t bytes) noexcept {
#if defined(SAMEBITS_GUARDED)
  __asan_poison_memory_region(from, bytes);
#endif
}

}  // namespace samebits
