// Text to symbols.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "pattern/symbols.hpp"

namespace tokenry::pattern {

class Alphabet {
public:
    // The symbol of a character is symbols[i], where starts[i] is the last start up to its code
    // point; the first start is 0. A byte that is no UTF-8 has the symbol `invalid`. Throws
    // std::invalid_argument where these make no sense.
    static Alphabet of_characters(std::span<const std::uint32_t> starts,
                                  std::span<const std::uint8_t> symbols, Symbol invalid);
    // Every byte is a character of its own; `symbols` has 256 entries.
    static Alphabet of_bytes(std::span<const std::uint8_t> symbols);

    // Writes a symbol for every byte of text[begin, stop), and of the character that `stop` lies in;
    // gives the end of what is written. `end` is that of the text.
    const std::uint8_t* translate(const std::uint8_t* begin, const std::uint8_t* stop,
                                  const std::uint8_t* end, Symbol* symbols) const;

    // One more than the largest symbol.
    std::size_t size() const { return size_; }

private:
    static constexpr std::size_t kBlock = 64;
    static constexpr std::size_t kCodePoints = 0x110000;

    Alphabet() = default;
    void check(std::span<const std::uint8_t> symbols);
    void fold(const std::vector<Symbol>& whole);
    Symbol symbol(std::uint32_t code) const {
        return blocks_[std::size_t{places_[code / kBlock]} * kBlock + code % kBlock];
    }

    std::size_t size_ = 0;
    bool bytes_ = false;
    Symbol invalid_ = kFirstCharacter;
    std::array<Symbol, 256> direct_{};   // of bytes, or of ASCII
    std::vector<std::uint16_t> places_;  // which block has the symbols of 64 code points
    std::vector<Symbol> blocks_;         // each once
};

}  // namespace tokenry::pattern
