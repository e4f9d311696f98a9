#include "pattern/looks.hpp"

#include <stdexcept>
#include <utility>

namespace tokenry::pattern {
namespace {

// Sets `bit` where a match ends before a character, or at the end.
void look_behind(const Automaton& automaton, const Symbol* symbols, std::size_t size,
                 std::uint8_t bit, std::uint8_t* bits) {
    Automaton::Row row = automaton.start(kEdge);
    for (std::size_t at = 0; at <= size; ++at) {
        if (symbols[at] == kInside) continue;
        const Automaton::Step step = automaton.step(row, symbols[at]);
        if (step.ends) bits[at] |= bit;
        row = step.next;
    }
}

// The same backwards: characters are read from the last to the first.
void look_ahead(const Automaton& automaton, const Symbol* symbols, std::size_t size,
                std::uint8_t bit, std::uint8_t* bits) {
    Automaton::Row row = automaton.start(kEdge);
    for (std::size_t at = size;;) {
        std::size_t before = at;
        while (before > 0 && symbols[--before] == kInside) {}
        const Automaton::Step step = automaton.step(row, at == 0 ? kEdge : symbols[before]);
        if (step.ends) bits[at] |= bit;
        if (at == 0) return;
        row = step.next;
        at = before;
    }
}

}  // namespace

Looks::Looks(std::vector<Look> looks, std::vector<Symbol> table)
    : looks_(std::move(looks)), table_(std::move(table)) {
    if (looks_.size() > kMost || table_.empty() != looks_.empty())
        throw std::invalid_argument("a table of symbols does not fit what is looked for");
}

SymbolSet Looks::edges() const {
    SymbolSet edges;
    if (!any()) return edges;
    for (std::size_t bits = 0; bits < std::size_t{1} << looks_.size(); ++bits)
        edges.set(table_[std::size_t{kEdge} << looks_.size() | bits]);
    return edges;
}

void Looks::note(const Symbol* symbols, std::size_t size, std::vector<std::uint8_t>& bits,
                 std::vector<Symbol>& noted) const {
    bits.assign(size + 1, 0);
    for (std::size_t i = 0; i < looks_.size(); ++i) {
        const auto look = looks_[i].ahead ? look_ahead : look_behind;
        look(looks_[i].automaton, symbols, size, static_cast<std::uint8_t>(1u << i), bits.data());
    }
    noted.assign(size + 1 + SymbolRun::kReads, kEdge);
    for (std::size_t at = 0; at <= size; ++at)
        noted[at] = table_[std::size_t{symbols[at]} << looks_.size() | bits[at]];
}

}  // namespace tokenry::pattern
