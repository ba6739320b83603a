// A place in memory that threads add to in the order they arrive: one thread at a time, a whole tile at once, which
// costs far less than one atomic addition per float. A gate starts as zero bytes.
struct Gate {
  uint32_t word;  // bit 0: someone is inside; bit 1: someone has been

  // Waits for the place; true when nobody has stored there yet.
  bool enter() noexcept {
    for (;;) {
      uint32_t seen = __atomic_load_n(&word, __ATOMIC_RELAXED) & 2u;
      if (__atomic_compare_exchange_n(&word, &seen, seen | 1u, true, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) return seen == 0;
#if defined(__x86_64__)
      __builtin_ia32_pause();
#endif
    }
  }
  void leave() noexcept { __atomic_store_n(&word, 2u, __ATOMIC_RELEASE); }
};
