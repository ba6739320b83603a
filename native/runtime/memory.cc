#include "runtime/memory.h"

#include <cstdint>
#include <cstdlib>
#include <new>
#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace samebits {
namespace {

constexpr size_t kLine = 64;
constexpr size_t kPage = 4096;
constexpr size_t kHugePage = size_t{2} << 20;

size_t round_up(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

size_t capacity_for(size_t bytes) {
  if (bytes == 0) return kLine;
  return round_up(bytes, bytes < kPage ? kLine : kPage);
}

#if defined(__linux__)
// Large blocks are mapped by themselves: aligned_alloc does not take its own freed blocks again when anything lies
// between them and the top of the heap, so a process that makes many runtimes would grow without end.
constexpr size_t kMapped = size_t{128} << 10;

size_t mapped_bytes(size_t capacity) {
  return round_up(capacity, capacity >= 4 * kHugePage ? kHugePage : kPage);
}

void* map(size_t capacity) noexcept {
  const bool huge = capacity >= 4 * kHugePage;
  const size_t bytes = mapped_bytes(capacity), spare = huge ? kHugePage : 0;
  void* mapped = mmap(nullptr, bytes + spare, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  if (!huge) return mapped;
  char* begin = static_cast<char*>(mapped);
  const size_t before = round_up(reinterpret_cast<uintptr_t>(begin), kHugePage) - reinterpret_cast<uintptr_t>(begin);
  if (before > 0) munmap(begin, before);
  if (spare > before) munmap(begin + before + bytes, spare - before);
  madvise(begin + before, bytes, MADV_HUGEPAGE);  // advice: failing it changes speed only
  return begin + before;
}
#endif

void* allocate(size_t capacity) noexcept {
#if defined(__linux__)
  if (capacity >= kMapped) return map(capacity);
#endif
  return std::aligned_alloc(kLine, capacity);
}

void release(void* data, size_t capacity) noexcept {
#if defined(__linux__)
  if (capacity >= kMapped) {
    munmap(data, mapped_bytes(capacity));
    return;
  }
#endif
  std::free(data);
}

}  // namespace

MemoryPool::~MemoryPool() { trim(); }

std::shared_ptr<Block> MemoryPool::take(size_t bytes) noexcept {
  if (bytes > size_t{1} << 46) return nullptr;
  const size_t capacity = capacity_for(bytes);
  try {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto block = std::make_unique<Block>();
    block->bytes = bytes;
    auto found = idle_.lower_bound(capacity);
    if (found != idle_.end() && found->first <= capacity + capacity / 8) {
      block->data = found->second;
      block->capacity = found->first;
      idle_bytes_ -= found->first;
      idle_.erase(found);
    } else {
      block->data = allocate(capacity);
      block->capacity = capacity;
      if (block->data == nullptr) {  // another size may hold what is missing
        for (auto& entry : idle_) release(entry.second, entry.first);
        idle_.clear();
        idle_bytes_ = 0;
        block->data = allocate(capacity);
      }
      if (block->data == nullptr) return nullptr;
    }
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
  try {
    idle_.emplace(block->capacity, block->data);
    idle_bytes_ += block->capacity;
  } catch (const std::bad_alloc&) {
    release(block->data, block->capacity);
  }
  delete block;
}

void MemoryPool::trim() noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto& entry : idle_) release(entry.second, entry.first);
  idle_.clear();
  idle_bytes_ = 0;
}

size_t MemoryPool::in_use() const noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  return in_use_;
}

size_t MemoryPool::held() const noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  return in_use_ + idle_bytes_;
}

size_t MemoryPool::blocks_in_use() const noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  return blocks_in_use_;
}

}  // namespace samebits
