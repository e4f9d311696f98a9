// A pattern as instructions, as src/tokenry/text/patterns/program.py writes them.
#pragma once
#include <cstdint>
#include <vector>

#include "pattern/symbols.hpp"

namespace tokenry::pattern {

struct Instruction {
    enum class Kind : std::uint8_t {
        take,    // a character of the set `first`, then on at `second`
        fork,    // on at `first`; where that leads to no match, at `second`
        before,  // on at `second` if what comes before is in the set `first`
        after,   // on at `second` if what follows is in the set `first`
        match,
    };
    Kind kind;
    std::uint32_t first, second;
};

// Starts at instruction 0. Sets of `before` and `after` may have kEdge in them.
struct Program {
    std::vector<Instruction> instructions;
    std::vector<SymbolSet> sets;
};

}  // namespace tokenry::pattern
