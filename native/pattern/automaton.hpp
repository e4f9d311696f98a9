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
#include "pattern/symbol_run.hpp"
#include "pattern/threads.hpp"

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

    // `symbols` is one more than the largest; `edges` may be there in place of kEdge behind a text.
    // Throws NotCompiled for a program that needs too many states, std::invalid_argument for one that
    // makes no sense.
    Automaton(const Program& program, std::size_t symbols, const SymbolSet& edges = {},
              Threads::Search search = Threads::Search::chosen);

    Row start(Symbol before) const { return starts_[before]; }
    Step step(Row row, Symbol symbol) const {
        const std::uint32_t entry = table_[row + symbol];
        return {entry >> kFlags, (entry & kEnds) != 0};
    }

    // Where the match ends that begins at `from`, or null; `decided` receives where that was seen. An edge
    // must come behind, and then as much as a run reads.
    const Symbol* match(const Symbol* from, Row row, const Symbol*& decided) const;

    bool looks_back() const { return looks_back_; }
    // Whether a match may be empty.
    bool is_empty() const { return empty_; }
    // The first place from `at` on where a match may begin, or an edge, which must come.
    const Symbol* first_begin(const Symbol* at) const {
        // Mostly one begins where the one before ended; asking so, nothing has to wait for a run.
        return begins_[*at] ? at : no_begin_.end(at);
    }

    std::size_t symbols() const { return symbols_; }
    std::size_t rows() const { return table_.size() / symbols_; }
    Row row(std::size_t number) const { return static_cast<Row>(number * symbols_); }

private:
    static constexpr std::uint32_t kEnds = 1;  // a match ends before the symbol
    static constexpr std::uint32_t kRuns = 2;  // the next state has a run
    static constexpr unsigned kFlags = 2;      // so many, below the row of the next state

    // Symbols that a state stays in, which are passed many at a time.
    struct Run {
        SymbolRun symbols;
        bool ends;  // whether a match ends before each of them
    };

    void find_starts(class Builder& builder, const SymbolSet& edges);
    void find_runs();
    bool stays(Row row, Run& run) const;

    std::size_t symbols_;  // a power of two
    unsigned shift_;       // of which power
    bool looks_back_ = false;
    bool empty_ = false;
    std::vector<std::uint32_t> table_;
    std::array<Row, kMostSymbols> starts_{};
    SymbolSet begins_;    // what matches begin with
    SymbolRun no_begin_;  // what none begins with
    std::vector<Run> runs_;  // by number of row
};

}  // namespace tokenry::pattern
