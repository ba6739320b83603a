// Watched shared memory, and the first fault of a launch.
#include "watch.h"

#include <cstdio>

#include "grid.h"

namespace shim {
namespace {

constexpr int kCells = 12 << 10;  // the 48 KiB every device gives a block
constexpr int kNobody = -1, kSeveral = -2;

struct Cell {
  float value;
  uint64_t written = 0, read = 0;  // epochs
  int writer = kNobody, reader = kNobody;
};

Cell cells[kCells];
int cells_in_use = 0;
uint64_t block_epoch = 0;
char message[200] = "";

bool outside(int cell) {
  if (cell >= 0 && cell < cells_in_use) return false;
  fault("an access outside the shared memory of the block", cell);
  return true;
}

}  // namespace

void begin_block(size_t shared_bytes, uint64_t epoch) {
  if (shared_bytes > sizeof(float) * kCells) fault("a launch with more than 48 KiB of shared memory");
  cells_in_use = static_cast<int>(shared_bytes / sizeof(float));
  block_epoch = epoch;
}

void fault(const char* what, int cell) {
  if (message[0] != 0) return;
  if (cell >= 0)
    std::snprintf(message, sizeof message, "%s (cell %d, thread %d)", what, cell, current_thread());
  else
    std::snprintf(message, sizeof message, "%s (thread %d)", what, current_thread());
}

const char* first_fault() { return message; }
void clear_faults() { message[0] = 0; }

float read_shared(int index) {
  if (outside(index)) return 0.0f;
  Cell& cell = cells[index];
  const uint64_t now = current_epoch();
  if (cell.written < block_epoch)
    fault("a read of shared memory that was never written", index);
  else if (cell.written == now && cell.writer != current_thread())
    fault("a read of shared memory that another thread wrote since the last barrier", index);
  cell.reader = cell.read == now && cell.reader != current_thread() ? kSeveral : current_thread();
  cell.read = now;
  return cell.value;
}

void write_shared(int index, float value) {
  if (outside(index)) return;
  Cell& cell = cells[index];
  const uint64_t now = current_epoch();
  if (cell.written == now && cell.writer != current_thread())
    fault("a write to shared memory that another thread wrote since the last barrier", index);
  else if (cell.read == now && cell.reader != current_thread())
    fault("a write to shared memory that another thread read since the last barrier", index);
  cell.value = value;
  cell.written = now;
  cell.writer = current_thread();
}

}  // namespace shim
