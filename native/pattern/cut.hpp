// Cutting stretches at the matches of a pattern, with the five behaviours of tokenizers' Split.
#pragma once
#include <cstdint>

#include "pattern/automaton.hpp"
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
    Automaton automaton;
    Behavior behavior;
    bool invert;  // matches and what stands between them change parts
};

// Appends to `parts` what is left of a stretch, at most a part for each symbol of it. The symbol
// behind the stretch is overwritten for a while, so there must be one.
void cut_range(const Cut& cut, Matcher& matcher, Symbol* symbols, Range range, Ranges& parts);

}  // namespace tokenry::pattern
