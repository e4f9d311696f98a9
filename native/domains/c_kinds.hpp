// What each name of a C or C++ program is: a variable, a type, a field, a namespace or a label.
#pragma once
#include "domains/code_leaves.hpp"

namespace tokenry::domains {

// Sets the kinds of names, and takes `>>` apart where it closes two lists of a template.
void set_c_kinds(LeafRow& leaves, bool cpp);

}  // namespace tokenry::domains
