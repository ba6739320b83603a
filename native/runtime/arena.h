// One stretch of address space whose parts are handed out and taken back. Parts that were used before are preferred, the
// tightest first, and neighbours grow together again, so a training step that repeats finds the same places each time
// and the pages it touched once stay the only ones it needs.
#pragma once

#include <cstddef>
#include <map>
#include <memory>

namespace samebits {

class Arena {
 public:
  // Null when the system refuses. Address space beyond what is asked for is not counted as memory: Linux starts no process for one
  // that has more of it than the machine has memory, and a program may have many runtimes.
  static std::unique_ptr<Arena> reserve(size_t bytes, size_t asked) noexcept;
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Both in multiples of 64 bytes. take gives null when no free part is large enough; may throw std::bad_alloc.
  void* take(size_t bytes);
  void give_back(void* data, size_t bytes);

  bool owns(const void* data) const noexcept;
  bool idle() const noexcept { return free_.size() == 1 && free_.begin()->second == size_; }
  size_t touched() const noexcept { return touched_; }  // bytes up to the highest one ever handed out

 private:
  Arena(std::byte* base, size_t size) : base_(base), size_(size), free_{{0, size}} {}

  std::byte* base_;
  size_t size_;
  size_t touched_ = 0;
  std::map<size_t, size_t> free_;  // offset to length, never adjacent
};

}  // namespace samebits
