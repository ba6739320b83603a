// The two ways to join partial sums. Everything else about an operation is the same in both.
#pragma once

namespace samebits {

enum class Mode : int {
  kDeterministic = 0,  // partial sums are joined by place: the join tree of order.h
  kAtomic = 1,         // partial sums are added with float atomics in the order they arrive
};
inline constexpr int kModeCount = 2;

}  // namespace samebits
