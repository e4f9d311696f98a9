// Cutting stretches at the matches of a pattern, with the five behaviours of tokenizers' Split.
#pragma once
#include <cstdint>
#include <vector>

#include "pattern/automaton.hpp"
#include "pattern/looks.hpp"
#include "pattern/matcher.hpp"
#include "pattern/ranges.hpp"

namespace tokenry::pattern {

enum class Behavior : std::uint8_t {
    removed,
    isolated,
    merged_with_previous,
    merged_with_next,
    contiguous,
};

struct Cut {
    Looks looks;
    Automaton automaton;  // over the symbols that `looks` writes
    Behavior behavior;
    bool invert;  // matches and what stands between them change parts
};

// What a thread needs to cut.
struct CutScratch {
    Matcher matcher;
    std::vector<Symbol> noted;  // what `looks` writes
    std::vector<std::uint8_t> bits;
    std::vector<Range> with_empty;  // parts, where a match may be empty
};

// Writes to `parts` what is left of stretches, of which each is in one of `ranges`. The symbol behind
// each stretch is overwritten for a while; behind the last there must be kEdge and then as many more
// as SymbolRun reads.
void cut_ranges(const Cut& cut, CutScratch& scratch, Symbol* symbols, const Ranges& ranges,
                Ranges& parts);

}  // namespace tokenry::pattern
