// One stack of control for another: what a fiber is left and entered by. By hand where it is known how, since ucontext
// asks the kernel for the signal mask at each switch, which the barriers of a test would pay a million times.
#pragma once

#include <cstddef>
#include <cstdint>
#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#define SHIM_SWITCHES 1
#else
#include <ucontext.h>
#endif

namespace shim {

#if defined(SHIM_SWITCHES)

// Where a fiber that does not run goes on: its stack, with the registers that a call must keep on top.
struct Control {
  void* stack = nullptr;
};

extern "C" void shim_switch(void** from, void* to);

#if defined(__x86_64__)
asm(R"(
.text
.globl shim_switch
.hidden shim_switch
.type shim_switch, @function
shim_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size shim_switch, .-shim_switch
)");
inline constexpr int kEntry = 6, kFrame = 8;  // words of a fresh stack, and which of them is where it begins
#else
asm(R"(
.text
.globl shim_switch
.hidden shim_switch
shim_switch:
  sub sp, sp, #160
  stp x19, x20, [sp]
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  stp d8, d9, [sp, #96]
  stp d10, d11, [sp, #112]
  stp d12, d13, [sp, #128]
  stp d14, d15, [sp, #144]
  mov x9, sp
  str x9, [x0]
  mov sp, x1
  ldp x19, x20, [sp]
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp d8, d9, [sp, #96]
  ldp d10, d11, [sp, #112]
  ldp d12, d13, [sp, #128]
  ldp d14, d15, [sp, #144]
  add sp, sp, #160
  ret
)");
inline constexpr int kEntry = 11, kFrame = 20;
#endif

// A fiber that will begin in `entry`, which must not return.
inline void prepare(Control& control, char* stack, size_t bytes, void (*entry)()) {
  const uintptr_t end = (reinterpret_cast<uintptr_t>(stack) + bytes) & ~uintptr_t{63};
  auto** top = reinterpret_cast<void**>(end) - kFrame;
  for (int i = 0; i < kFrame; ++i) top[i] = nullptr;
  top[kEntry] = reinterpret_cast<void*>(entry);
  control.stack = top;
}
inline void switch_to(Control& from, Control& to) { shim_switch(&from.stack, to.stack); }

#else

struct Control {
  ucontext_t context;
};
inline void prepare(Control& control, char* stack, size_t bytes, void (*entry)()) {
  getcontext(&control.context);
  control.context.uc_stack.ss_sp = stack;
  control.context.uc_stack.ss_size = bytes;
  control.context.uc_link = nullptr;
  makecontext(&control.context, entry, 0);
}
inline void switch_to(Control& from, Control& to) { swapcontext(&from.context, &to.context); }

#endif

}  // namespace shim
