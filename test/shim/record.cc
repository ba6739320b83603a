// Records what kernels do with global memory, in a build whose .cu files are compiled with -fsanitize=thread: that has each
// access call a function, which ThreadSanitizer has and which is defined here in its place. Reported are bytes that are read and
// that nothing wrote, that lie outside of every block of memory, or that two blocks of a launch, or two threads between two
// barriers, use while one of them writes. Atomic additions may meet each other, and nothing else. Host code that looks into the
// device's memory ends the process, as it would on a machine with a device.
#include "record.h"

#include <cuda_runtime.h>
#include <sys/mman.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <utility>

#include "grid.h"
#include "watch.h"

namespace shim {
namespace {

// One byte of the device's memory: when it was written, read and added to, by epochs; 0 is never.
struct Cell {
  uint32_t written = 0, added = 0, read = 0;
  uint32_t read_before = 0;             // last read by an earlier block of this launch, where one was
  int16_t writer = 0, reader = 0;       // threads of the last write and read
  bool there = false, filled = false;   // in a block of memory; written since that was taken
};
constexpr int16_t kSeveral = -1;

constexpr size_t kArena = size_t{16} << 30;  // address space; only what is used becomes memory
constexpr size_t kAlign = 256, kPage = 4096;

char* reserve(size_t bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) std::perror("shim: expected address space to record in"), std::abort();
  return static_cast<char*>(memory);
}

// Makes whole pages of [begin, end) zeros again, without taking memory for them.
void drop(char* begin, char* end) {
  const auto up = [](char* at) { return reinterpret_cast<char*>((reinterpret_cast<uintptr_t>(at) + kPage - 1) / kPage * kPage); };
  char *first = up(begin), *last = up(end - kPage + 1);
  if (first >= last) return void(std::memset(begin, 0, static_cast<size_t>(end - begin)));
  std::memset(begin, 0, static_cast<size_t>(first - begin));
  madvise(first, static_cast<size_t>(last - first), MADV_DONTNEED);
  std::memset(last, 0, static_cast<size_t>(end - last));
}

thread_local bool in_launch = false;

void tell(const char* what) {
  char text[160];
  std::snprintf(text, sizeof text, "%s, block %u", what, blockIdx.x);
  fault(in_launch ? text : what);
}

class Record final : public Recorder {
 public:
  Record() : arena_(reserve(kArena)), cells_(reinterpret_cast<Cell*>(reserve(kArena * sizeof(Cell)))) { recorder = this; }

  // Memory is never handed out twice, so what is used after its time lies outside.
  void* take(size_t bytes) override {
    const std::lock_guard lock(mutex_);
    if (kArena - used_ < bytes + 2 * kAlign) return nullptr;
    const size_t at = used_ + kAlign;
    used_ = (at + bytes + kAlign - 1) / kAlign * kAlign;
    for (size_t i = at; i < at + bytes; ++i) cells_[i].there = true;
    blocks_[at] = bytes;
    return arena_ + at;
  }
  void give_back(void* memory) override {
    const std::lock_guard lock(mutex_);
    const size_t at = static_cast<size_t>(static_cast<char*>(memory) - arena_), bytes = blocks_[at];
    blocks_.erase(at);
    drop(reinterpret_cast<char*>(cells_ + at), reinterpret_cast<char*>(cells_ + at + bytes));
    drop(arena_ + at, arena_ + at + bytes);
  }

  void filled(void* to, size_t bytes) override {
    if (!holds(to)) return;
    for (Cell *cell = cell_of(to), *end = cell + bytes; cell < end; ++cell) {
      if (!cell->there) return tell("a copy outside of every block of memory");
      cell->filled = true;
    }
  }
  void copied(void* to, const void* from, size_t bytes) override {
    filled(to, bytes);
    if (!holds(from)) return;
    for (Cell *cell = cell_of(from), *end = cell + bytes; cell < end; ++cell) {
      if (!cell->there) return tell("a copy outside of every block of memory");
      if (!cell->filled) return tell("a copy of memory that nothing wrote");
    }
  }

  void begin_launch(uint64_t epoch) override {
    launch_ = static_cast<uint32_t>(epoch);
    in_launch = true;
  }
  void begin_block(uint64_t epoch) override { block_ = static_cast<uint32_t>(epoch); }
  void end_launch() override { in_launch = false; }

  void added(const float* to) override {
    if (!holds(to)) return;
    for (Cell *cell = cell_of(to), *end = cell + sizeof *to; cell < end; ++cell) {
      if (!cell->there) return tell("an atomic addition outside of every block of memory");
      if (!cell->filled) return tell("an atomic addition to memory that nothing wrote");
      if (others(cell->written, cell->writer) || others_read(*cell)) return tell("an atomic addition beside another access");
      cell->added = now();
    }
  }

  void read(const void* from, size_t bytes) {
    for (Cell *cell = cell_of(from), *end = cell + bytes; cell < end; ++cell) {
      if (!cell->there) return tell("a read outside of every block of memory");
      if (!cell->filled) return tell("a read of memory that nothing wrote");
      if (others(cell->written, cell->writer)) return tell("a read of what others write");
      if (cell->added >= launch_) return tell("a read of what is added to");
      if (cell->read >= launch_ && cell->read < block_) cell->read_before = cell->read;
      cell->reader = cell->read == now() && cell->reader != thread() ? kSeveral : thread();
      cell->read = now();
    }
  }
  void write(const void* to, size_t bytes) {
    for (Cell *cell = cell_of(to), *end = cell + bytes; cell < end; ++cell) {
      if (!cell->there) return tell("a write outside of every block of memory");
      if (others(cell->written, cell->writer)) return tell("a write of what others write");
      if (others_read(*cell)) return tell("a write of what others read");
      if (cell->added >= launch_) return tell("a write of what is added to");
      cell->written = now();
      cell->writer = thread();
      cell->filled = true;
    }
  }

  bool holds(const void* memory) const {
    return static_cast<const char*>(memory) >= arena_ && static_cast<const char*>(memory) < arena_ + kArena;
  }

 private:
  static uint32_t now() { return static_cast<uint32_t>(current_epoch()); }
  static int16_t thread() { return static_cast<int16_t>(current_thread()); }

  Cell* cell_of(const void* memory) const { return cells_ + (static_cast<const char*>(memory) - arena_); }

  // Whether an access was by another block of this launch, or by another thread of this block since the last barrier.
  bool others(uint32_t epoch, int16_t by) const {
    return epoch >= launch_ && (epoch < block_ || (epoch == now() && by != thread()));
  }
  bool others_read(const Cell& cell) const { return others(cell.read, cell.reader) || cell.read_before >= launch_; }

  char* const arena_;
  Cell* const cells_;
  std::mutex mutex_;
  size_t used_ = 0;
  std::map<size_t, size_t> blocks_;
  uint32_t launch_ = 0, block_ = 0;
};

// Null until it is made; never destroyed, since the process's end still gives memory back.
Record* record = nullptr;
[[maybe_unused]] const bool made = (record = new Record, true);

inline void note(const void* memory, size_t bytes, bool writes) {
  if (record == nullptr || !record->holds(memory)) return;
  if (!in_launch) std::fprintf(stderr, "shim: host code looks into the memory of the device\n"), std::abort();
  writes ? record->write(memory, bytes) : record->read(memory, bytes);
}

}  // namespace
}  // namespace shim

#define ACCESSES(bytes)                                                            \
  void __tsan_read##bytes(void* at) { shim::note(at, bytes, false); }              \
  void __tsan_write##bytes(void* at) { shim::note(at, bytes, true); }              \
  void __tsan_unaligned_read##bytes(void* at) { shim::note(at, bytes, false); }    \
  void __tsan_unaligned_write##bytes(void* at) { shim::note(at, bytes, true); }    \
  void __tsan_volatile_read##bytes(void* at) { shim::note(at, bytes, false); }     \
  void __tsan_volatile_write##bytes(void* at) { shim::note(at, bytes, true); }

extern "C" {
ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)
void __tsan_read_range(void* at, size_t bytes) { shim::note(at, bytes, false); }
void __tsan_write_range(void* at, size_t bytes) { shim::note(at, bytes, true); }
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
void __tsan_init() {}
void __tsan_vptr_update(void*, void*) {}
void __tsan_vptr_read(void*) {}
}
