// The threads of a program: at which instructions a matcher stands, the first choice in front.
#pragma once
#include <cstdint>
#include <vector>

#include "pattern/program.hpp"

namespace tokenry::pattern {

class Threads {
public:
    using List = std::vector<std::uint32_t>;

    // Which matches are looked for: the one that a matcher would choose at a place, or all that end
    // somewhere, wherever they begin.
    enum class Search : std::uint8_t { chosen, all };

    // Throws std::invalid_argument for a program that makes no sense.
    Threads(const Program& program, Search search);

    // The threads at the beginning of a match.
    List start(Symbol before);

    // The threads behind a character, given those before it and what comes before them; `ends`
    // receives whether a match ends before it. `next` may be kEdge, behind which there are none.
    List step(const List& threads, Symbol before, Symbol next, bool& ends);

    // Whether what comes before a place is asked there after what follows it; then threads alone do
    // not say what becomes of them.
    bool asks_back_late() const { return asks_back_late_; }
    bool looks_back() const;

private:
    using Kind = Instruction::Kind;

    void add(std::uint32_t place, Symbol before, List& list);
    bool walk(std::uint32_t place, Symbol before, Symbol next, List& list);
    bool asks_back(std::uint32_t place, std::vector<bool>& seen) const;
    bool has(std::uint32_t set, Symbol symbol) const { return program_.sets[set][symbol]; }
    static bool mark(std::vector<std::uint32_t>& marks, std::uint32_t place, std::uint32_t mark);

    const Program& program_;
    const bool all_;
    bool asks_back_late_ = false;
    bool closed_ = false;                  // a thread has matched, so none is added behind it
    std::uint32_t round_ = 0;              // changes with each list
    std::vector<std::uint32_t> added_, walked_;  // the round in which an instruction was reached
};

}  // namespace tokenry::pattern
