#include "runtime/memory.h"

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

void* allocate(size_t capacity) noexcept {
  const bool huge = capacity >= 4 * kHugePage;
  void* data = std::aligned_alloc(huge ? kHugePage : kLine, huge ? round_up(capacity, kHugePage) : capacity);
#if defined(__linux__)
  if (huge && data != nullptr) madvise(data, capacity, MADV_HUGEPAGE);  // advice: failing it changes speed only
#endif
  return data;
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
        for (auto& entry : idle_) std::free(entry.second);
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
    std::free(block->data);
  }
  delete block;
}

void MemoryPool::trim() noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto& entry : idle_) std::free(entry.second);
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
