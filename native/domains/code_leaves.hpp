// The words of a program, without white space and comments: where each stands, and its kind.
//
// A lexer for each language finds the words; what kind a name is of follows from the words around
// it, in C and C++ with a stack of the brackets that are open. No tree is built.
#pragma once
#include <cstdint>
#include <vector>

#include "base/text.hpp"

namespace tokenry::domains {

// Indices of KINDS in tokenry/domains/code/grammars.py, and what is no word of the language.
enum class Kind : std::uint8_t {
    variable, array, function, field, space, type, number, string, character, label, macro, other, broken,
};

enum class Language : std::uint8_t { c, cpp, fortran, python };

// What a leaf is to the rules: a sign of one character is its code, of more characters and words
// are numbers of their own; see signs in the lexers.
using Sign = std::uint8_t;

struct Leaf {
    std::uint32_t begin, end;
    Kind kind;
    Sign sign;
};

using LeafRow = std::vector<Leaf>;

struct Leaves {
    LeafRow leaves;
    std::uint64_t unparsed = 0;  // bytes of the stretches that are no program
};

class CodeWords;

// Throws std::invalid_argument where the file has 4 GiB or more.
Leaves read_leaves(base::Text data, Language language, const CodeWords& words);

}  // namespace tokenry::domains
