// A pool: memory that is let go is handed out again. A training step asks for the same sizes each time, and the first touch
// of a fresh page costs more than computing what goes into it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/arena.h"

namespace samebits {

// 64-byte aligned memory; going out of use returns it to the pool it came from.
struct Block {
  void* data = nullptr;
  size_t bytes = 0;     // as asked for
  size_t capacity = 0;  // as held
};

// Fills memory with a NaN that no kernel makes, byte by byte another value: what is read before it is written shows.
inline void poison(void* data, size_t bytes) noexcept {
  constexpr uint32_t kPoison = 0x7fc0dead;
  for (size_t at = 0; at < bytes; at += sizeof kPoison)
    std::memcpy(static_cast<std::byte*>(data) + at, &kPoison, bytes - at < sizeof kPoison ? bytes - at : sizeof kPoison);
}

class MemoryPool : public std::enable_shared_from_this<MemoryPool> {
 public:
  // Null when the machine has no memory left.
  std::shared_ptr<Block> take(size_t bytes) noexcept;
  void trim() noexcept;  // gives idle arenas back to the system

  size_t in_use() const noexcept;
  size_t held() const noexcept;  // what was ever touched and not given back to the system
  size_t blocks_in_use() const noexcept;

 private:
  void* find(size_t capacity);
  void give_back(Block* block) noexcept;

  mutable std::mutex mutex_;
  // Small blocks apart from large ones, or they would break up the large ones' places.
  std::vector<std::unique_ptr<Arena>> small_, large_;
  size_t in_use_ = 0;
  size_t blocks_in_use_ = 0;
};

}  // namespace samebits
