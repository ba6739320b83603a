#include "ops/add/add.h"

#define SAMEBITS_BODY "ops/add/add_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace add_contract;

static constexpr Kernel kKernels[] = {
    {"add.forward", kForward, 3, nullptr, 0, sizeof(Settings), check_elementwise, SAMEBITS_EACH_ISA(k_add_forward)},
};

extern const OpEntry add_op;
const OpEntry add_op = {"add", kKernels, 1};

}  // namespace samebits
