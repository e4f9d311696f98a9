// A program as a deterministic automaton over symbols, with the choice that a backtracking matcher
// would make: the alternative that comes first.
//
// A state is the list of the instructions at which such a matcher might stand, those it would try
// first in front (the threads of Pike's machine, by priority). What comes before a place is known
// when the list is made; what follows it is the symbol that the transition takes, so a transition
// also says whether a match ends before that symbol. Where a thread matches, all behind it are cut.
//
// Sources: Thompson 1968, "Regular expression search algorithm"; Cox 2009, "Regular expression
// matching: the virtual machine approach".
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "pattern/program.hpp"

namespace tokenry::pattern {

// Says why a program has no automaton here.
struct NotCompiled final : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Automaton {
public:
    // Where a row of the table begins; 0 for the state that leads to no match.
    using Row = std::uint32_t;
    struct Step {
        Row next;
        bool ends;  // a match ends before the symbol
    };

    // `symbols` is one more than the largest. Throws NotCompiled for a program that matches empty
    // text or needs too many states, std::invalid_argument for one that makes no sense.
    Automaton(const Program& program, std::size_t symbols);

    Row start(Symbol before) const { return starts_[before]; }
    Step step(Row row, Symbol symbol) const {
        const std::uint32_t entry = table_[row + symbol];
        return {entry >> 1, (entry & 1) != 0};
    }

    bool looks_back() const { return looks_back_; }
    // The first place from `at` on with a symbol that some match begins with, or with kEdge, which
    // must come.
    const Symbol* first_begin(const Symbol* at) const {
        while (!begins_[*at]) ++at;
        return at;
    }

    std::size_t symbols() const { return symbols_; }
    std::size_t rows() const { return table_.size() / symbols_; }
    Row row(std::size_t number) const { return static_cast<Row>(number * symbols_); }

private:
    std::size_t symbols_;
    bool looks_back_ = false;
    std::vector<std::uint32_t> table_;  // row of the next state << 1 | whether a match ends here
    std::array<Row, kMostSymbols> starts_{};
    std::array<bool, kMostSymbols> begins_{};  // of kEdge too
};

}  // namespace tokenry::pattern
