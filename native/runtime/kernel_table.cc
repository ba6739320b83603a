#include "runtime/kernel_table.h"

namespace samebits {

#define SAMEBITS_OP(id) extern const OpEntry id##_op;
#include "ops/ops.inc"
#undef SAMEBITS_OP

namespace {

const OpEntry* const kOperations[] = {
#define SAMEBITS_OP(id) &id##_op,
#include "ops/ops.inc"
#undef SAMEBITS_OP
};

}  // namespace

const Kernel* find_kernel(std::string_view name) noexcept {
  for (const OpEntry* operation : kOperations)
    for (int i = 0; i < operation->kernel_count; ++i)
      if (name == operation->kernels[i].name) return &operation->kernels[i];
  return nullptr;
}

std::vector<const OpEntry*> all_operations() { return {std::begin(kOperations), std::end(kOperations)}; }

}  // namespace samebits
