// Every kernel there is, found by name. The rows come from ops/ops.inc.
#pragma once

#include <string_view>
#include <vector>

#include "core/kernel.h"

namespace samebits {

const Kernel* find_kernel(std::string_view name) noexcept;  // null when there is none
std::vector<const OpEntry*> all_operations();

}  // namespace samebits
