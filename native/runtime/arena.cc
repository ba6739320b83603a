#include "runtime/arena.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <new>
#if defined(__unix__) || defined(__APPLE__)
#include <sys/mman.h>
#define SAMEBITS_MAPS 1
#elif defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <windows.h>
#endif

namespace samebits {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;

std::byte* map(size_t bytes, [[maybe_unused]] bool counted) noexcept {
#if defined(SAMEBITS_MAPS)
  int flags = MAP_PRIVATE | MAP_ANONYMOUS;
#if defined(MAP_NORESERVE)
  if (!counted) flags |= MAP_NORESERVE;
#endif
  void* mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
#if defined(MADV_HUGEPAGE)
  if (bytes >= 16 * kHugePage) madvise(mapped, bytes, MADV_HUGEPAGE);  // advice: failing it changes speed only
#endif
  return static_cast<std::byte*>(mapped);
#elif defined(_WIN32)
  // Pages become memory when they are touched, here too; that all of them may is promised by the system's paging file.
  return static_cast<std::byte*>(VirtualAlloc(nullptr, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
#else
  return static_cast<std::byte*>(std::aligned_alloc(64, bytes));
#endif
}

void unmap(std::byte* base, [[maybe_unused]] size_t bytes) noexcept {
#if defined(SAMEBITS_MAPS)
  munmap(base, bytes);
#elif defined(_WIN32)
  VirtualFree(base, 0, MEM_RELEASE);
#else
  std::free(base);
#endif
}

}  // namespace

std::unique_ptr<Arena> Arena::reserve(size_t bytes, size_t asked) noexcept {
  std::byte* base = map(bytes, bytes == asked);
  if (base == nullptr) return nullptr;
  try {
    return std::unique_ptr<Arena>(new Arena(base, bytes));
  } catch (const std::bad_alloc&) {
    unmap(base, bytes);
    return nullptr;
  }
}

Arena::~Arena() { unmap(base_, size_); }

void* Arena::take(size_t bytes) {
  auto best = free_.end();
  for (auto part = free_.begin(); part != free_.end(); ++part) {
    if (part->second < bytes) continue;
    // The last part reaches into pages that were never touched: only when nothing else is large enough.
    const bool last = part->first + part->second == size_;
    if (best == free_.end() || (!last && part->second < best->second)) best = part;
  }
  if (best == free_.end()) return nullptr;
  const auto [offset, length] = *best;
  if (length > bytes) free_.emplace(offset + bytes, length - bytes);
  free_.erase(best);
  touched_ = std::max(touched_, offset + bytes);
  return base_ + offset;
}

void Arena::give_back(void* data, size_t bytes) {
  const size_t offset = static_cast<size_t>(static_cast<std::byte*>(data) - base_);
  auto part = free_.emplace(offset, bytes).first;
  if (auto next = std::next(part); next != free_.end() && part->first + part->second == next->first) {
    part->second += next->second;
    free_.erase(next);
  }
  if (part == free_.begin()) return;
  if (auto before = std::prev(part); before->first + before->second == part->first) {
    before->second += part->second;
    free_.erase(part);
  }
}

bool Arena::owns(const void* data) const noexcept {
  const auto* byte = static_cast<const std::byte*>(data);
  return byte >= base_ && byte < base_ + size_;
}

}  // namespace samebits
