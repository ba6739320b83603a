// Memory that is handed out again after use: a training step asks for the same sizes each time, and the first touch
// of a fresh block costs more than computing what goes into it.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>

namespace samebits {

// 64-byte aligned memory; going out of use returns it to the pool it came from.
struct Block {
  void* data = nullptr;
  size_t bytes = 0;     // as asked for
  size_t capacity = 0;  // as held
};

class MemoryPool : public std::enable_shared_from_this<MemoryPool> {
 public:
  ~MemoryPool();

  // Null when the machine has no memory left, also after what lies idle was given back.
  std::shared_ptr<Block> take(size_t bytes) noexcept;
  void trim() noexcept;  // gives idle memory back to the system

  size_t in_use() const noexcept;
  size_t held() const noexcept;
  size_t blocks_in_use() const noexcept;

 private:
  void give_back(Block* block) noexcept;

  mutable std::mutex mutex_;
  std::multimap<size_t, void*> idle_;  // by capacity
  size_t in_use_ = 0;
  size_t idle_bytes_ = 0;
  size_t blocks_in_use_ = 0;
};

}  // namespace samebits
