// Watched shared memory of the block that runs. A cell remembers who wrote and read it between which barriers.
#pragma once

namespace shim {

// Notes the first thing that a kernel did wrong; its launch then fails with this message.
void fault(const char* what, int cell = -1);

float read_shared(int cell);  // a fault where the cell was never written, or by another thread since the barrier
void write_shared(int cell, float value);  // a fault where another thread read or wrote it since the barrier

}  // namespace shim
