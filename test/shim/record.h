// What a recording build of the shim notes of global memory: which bytes were written, and who reads and writes them in a
// launch (record.cc). In every other build there is no recorder.
#pragma once

#include <cstddef>
#include <cstdint>

namespace shim {

class Recorder {
 public:
  virtual void* take(size_t bytes) = 0;  // null when there is no room
  virtual void give_back(void* memory) = 0;

  // Between launches.
  virtual void filled(void* to, size_t bytes) = 0;
  virtual void copied(void* to, const void* from, size_t bytes) = 0;

  // `epoch` grows with each block and each barrier; the blocks of a launch run one after another.
  virtual void begin_launch(uint64_t epoch) = 0;
  virtual void begin_block(uint64_t epoch) = 0;
  virtual void end_launch() = 0;
  virtual void added(const float* to) = 0;  // an atomic addition

 protected:
  ~Recorder() = default;
};

extern Recorder* recorder;

}  // namespace shim
