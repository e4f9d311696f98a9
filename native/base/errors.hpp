// Failures that reach Python as the errors of tokenry.errors with the same names.
#pragma once
#include <stdexcept>

namespace tokenry::base {

struct VocabularyError : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};
struct EncodeError : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

}  // namespace tokenry::base
