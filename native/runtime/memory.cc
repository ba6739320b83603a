#include "runtime/memory.h"

#include <algorithm>
#include <new>

#include "runtime/guarded.h"

namespace samebits {
namespace {

constexpr size_t kLine = 64;
constexpr size_t kSmall = size_t{64} << 10;          // blocks below this are small
constexpr size_t kSmallArena = size_t{4} << 20;      // address space of an arena; only what is used becomes memory
constexpr size_t kLargeArena = size_t{1} << 30;
constexpr size_t kPage = 4096;

size_t round_up(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

// Memory of its own for a guarded build: it ends where it was asked to.
void* take_alone(size_t bytes) noexcept {
  return ::operator new(std::max(bytes, size_t{1}), std::align_val_t{kLine}, std::nothrow);
}
void drop_alone(void* data) noexcept { ::operator delete(data, std::align_val_t{kLine}); }

void drop_idle(std::vector<std::unique_ptr<Arena>>& arenas) noexcept {
  std::erase_if(arenas, [](const std::unique_ptr<Arena>& arena) { return arena->idle(); });
}

}  // namespace

void* MemoryPool::find(size_t capacity) {
  const bool small = capacity < kSmall;
  auto& arenas = small ? small_ : large_;
  for (auto& arena : arenas)
    if (void* data = arena->take(capacity)) return data;
  const size_t asked = round_up(capacity, kPage);
  std::unique_ptr<Arena> fresh = Arena::reserve(std::max(small ? kSmallArena : kLargeArena, asked), asked);
  // A system that grants no address space beyond what it has may still grant what is needed.
  if (fresh == nullptr) fresh = Arena::reserve(asked, asked);
  if (fresh == nullptr) return nullptr;
  arenas.push_back(std::move(fresh));
  return arenas.back()->take(capacity);
}

std::shared_ptr<Block> MemoryPool::take(size_t bytes) noexcept {
  if (bytes > size_t{1} << 46) return nullptr;
  try {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto block = std::make_unique<Block>();
    block->bytes = bytes;
    block->capacity = kGuarded ? bytes : round_up(std::max(bytes, size_t{1}), kLine);
    block->data = kGuarded ? take_alone(bytes) : find(block->capacity);
    if (block->data == nullptr) return nullptr;
    Block* raw = block.release();
    in_use_ += raw->capacity;
    ++blocks_in_use_;
    return std::shared_ptr<Block>(raw, [self = shared_from_this()](Block* done) { self->give_back(done); });
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void MemoryPool::give_back(Block* block) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  in_use_ -= block->capacity;
  --blocks_in_use_;
  if (kGuarded) drop_alone(block->data);
  try {
    for (auto* arenas : {&small_, &large_})
      for (auto& arena : *arenas)
        if (arena->owns(block->data)) arena->give_back(block->data, block->capacity);
  } catch (const std::bad_alloc&) {
    // No memory to note the free part: it stays unused until the runtime is gone.
  }
  delete block;
}

void MemoryPool::trim() noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  drop_idle(small_);
  drop_idle(large_);
}

size_t MemoryPool::in_use() const noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  return in_use_;
}

size_t MemoryPool::held() const noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  size_t bytes = 0;
  for (const auto* arenas : {&small_, &large_})
    for (const auto& arena : *arenas) bytes += arena->touched();
  return bytes;
}

size_t MemoryPool::blocks_in_use() const noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  return blocks_in_use_;
}

}  // namespace samebits
