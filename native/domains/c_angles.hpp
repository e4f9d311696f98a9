// Which `<` of a C++ program open a list of a template, told without knowing its types.
#pragma once
#include <vector>

#include "domains/code_leaves.hpp"

namespace tokenry::domains {

// For each leaf the one that closes the list that it opens, or 0. `>>` that closes two becomes
// signs::split.
std::vector<std::uint32_t> match_angles(LeafRow& leaves);

}  // namespace tokenry::domains
