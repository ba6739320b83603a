// What this machine can run: instruction sets and devices, each with the reason when it cannot.
#pragma once

#include "core/isa.h"

namespace samebits {

struct Availability {
  bool available = false;
  const char* reason = "";  // why not; empty when available
};

Availability isa_availability(Isa isa) noexcept;
Isa best_isa() noexcept;
Availability cuda_availability() noexcept;  // this and the next: cuda_absent.cc, or the CUDA build
const char* cuda_architecture() noexcept;   // "sm90"; empty where there is no device

}  // namespace samebits
