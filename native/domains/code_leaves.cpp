#include "domains/code_leaves.hpp"

#include <stdexcept>

#include "domains/c_kinds.hpp"
#include "domains/c_lexer.hpp"
#include "domains/code_checks.hpp"
#include "domains/code_words.hpp"
#include "domains/fortran_lexer.hpp"
#include "domains/python_lexer.hpp"

namespace tokenry::domains {
namespace {

LeafRow words_of(base::Text data, Language language) {
    switch (language) {
        case Language::fortran:
            return fortran_words_of(data);
        case Language::python:
            return python_words_of(data);
        default: {
            LeafRow leaves = c_words_of(data, language == Language::cpp);
            set_c_kinds(leaves, language == Language::cpp);
            return leaves;
        }
    }
}

}  // namespace

Leaves read_leaves(base::Text data, Language language, const CodeWords& words) {
    if (data.size() >= std::uint64_t{1} << 32) throw std::invalid_argument("a program has less than 4 GiB; cut it");
    return checked(data, words_of(data, language), language, words.of(language));
}

}  // namespace tokenry::domains
