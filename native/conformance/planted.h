// Faults that a guard build (scripts/guards.mjs) must find: its negative controls. No other build compiles them.
#pragma once

namespace samebits::conformance {

// Does something wrong, with the kernels of an instruction set where that matters:
//   write    a kernel writes one float behind its output      read     a kernel reads one float behind its input
//   scratch  one float behind a kernel's scratch memory       passing  one float behind a tensor that passes in a row
//   freed    a call on memory that was let go before          race     two tasks of a loop write one float
//   overflow a sum of signed integers overflows
// 0: nobody noticed; 2: no such fault or instruction set.
int plant(const char* fault, const char* isa) noexcept;

}  // namespace samebits::conformance
