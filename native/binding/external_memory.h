// What the garbage collector is told of native memory. Each time the sum it was told grows, V8 may collect; a training
// step takes and disposes gigabytes, so told of every block it would collect all the time, beside the kernels' threads.
// It is told the most that was in use, and takes back only what it freed itself: memory that nobody disposes still makes
// it collect, memory that is disposed costs nothing.
#pragma once

#include <napi.h>

#include <algorithm>

namespace samebits {

class ExternalMemory {
 public:
  void taken(Napi::Env env, int64_t bytes) {
    in_use_ += bytes;
    tell(env, std::max(told_, in_use_));
  }
  void disposed(Napi::Env env, int64_t bytes) {
    in_use_ -= bytes;
    if (in_use_ == 0) tell(env, 0);
  }
  void collected(Napi::Env env, int64_t bytes) {
    in_use_ -= bytes;
    tell(env, std::max(told_ - bytes, in_use_));
  }
  void trimmed(Napi::Env env) { tell(env, in_use_); }

 private:
  void tell(Napi::Env env, int64_t bytes) {
    if (bytes != told_) Napi::MemoryManagement::AdjustExternalMemory(env, bytes - told_);
    told_ = bytes;
  }

  int64_t in_use_ = 0, told_ = 0;
};

}  // namespace samebits
