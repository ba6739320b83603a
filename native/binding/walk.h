// The walk over two arrays, for JavaScript.
#pragma once

#include <napi.h>

namespace samebits {

// (a, b, sums, histogram, bytes): Float32Arrays of one length, and the Float64Arrays of a tally that they are added to. Gives the
// first index at which bits differ, or -1.
Napi::Value walk(const Napi::CallbackInfo& info);

}  // namespace samebits
