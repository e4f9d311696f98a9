// Raw words for patterns: text cut where a cascade always cuts, so that its pretokens are those of its
// words.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "pattern/alphabet.hpp"
#include "pattern/symbols.hpp"
#include "split/splitter.hpp"

namespace tokenry::pattern {

class SafeWords final : public split::Splitter {
public:
    // safe[before] has those behind which text may be taken apart; symbols are those of the alphabet.
    SafeWords(Alphabet alphabet, std::span<const SymbolSet> safe);

    std::size_t split(const std::uint8_t* text, std::size_t size, std::size_t begin,
                      std::uint32_t* ends, std::size_t capacity) const override;

    // Whether words end before a space, whatever ASCII letter comes before it.
    bool end_before_spaces() const;

private:
    bool is_safe(Symbol before, Symbol behind) const {
        return safe_[std::size_t{before} << shift_ | behind] != 0;
    }

    Alphabet alphabet_;
    unsigned shift_;                  // symbols are below 2 to its power
    std::vector<std::uint8_t> safe_;  // by both symbols
};

}  // namespace tokenry::pattern
