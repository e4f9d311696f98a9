// What a pattern asks of the text around a place, farther than one character: look-ahead and
// look-behind.
//
// Each is a pattern of its own, of which only matters whether it matches there. One walk over a
// stretch finds that out for all of its places, backwards for what lies ahead, and notes it in the
// symbols: then it is a condition on one symbol, and matching stays linear.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "pattern/automaton.hpp"

namespace tokenry::pattern {

struct Look {
    Automaton automaton;  // of the pattern; for what lies ahead, of the pattern backwards
    bool ahead;
};

class Looks {
public:
    static constexpr std::size_t kMost = 6;

    Looks() = default;
    // table[symbol << looks.size() | bits] is the symbol with what each look finds before it, a bit a
    // look; of kEdge, what each finds at the end. Throws std::invalid_argument for more than kMost.
    Looks(std::vector<Look> looks, std::vector<Symbol> table);

    bool any() const { return !looks_.empty(); }
    // The symbols at an end.
    SymbolSet edges() const;
    // Writes the symbols of a stretch with what is found, and of its end. kEdge must stand there.
    void note(const Symbol* symbols, std::size_t size, std::vector<std::uint8_t>& bits,
              std::vector<Symbol>& noted) const;

private:
    std::vector<Look> looks_;
    std::vector<Symbol> table_;
};

}  // namespace tokenry::pattern
