#include "pattern/alphabet.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>

#include "unicode/utf8.hpp"

namespace tokenry::pattern {
namespace {

bool are_ascii(const std::uint8_t* text) {
    std::uint64_t eight;
    std::memcpy(&eight, text, sizeof eight);
    return (eight & 0x8080808080808080u) == 0;
}

}  // namespace

void Alphabet::check(std::span<const std::uint8_t> symbols) {
    for (const Symbol each : symbols) {
        if (each < kFirstCharacter)
            throw std::invalid_argument("a character has the symbol " + std::to_string(each) +
                                        "; expected 2 or more");
        size_ = std::max(size_, std::size_t{each} + 1);
    }
}

// Equal blocks are kept once: most of Unicode is.
void Alphabet::fold(const std::vector<Symbol>& whole) {
    std::map<std::array<Symbol, kBlock>, std::uint16_t> known;
    for (std::size_t begin = 0; begin < kCodePoints; begin += kBlock) {
        std::array<Symbol, kBlock> block;
        std::copy_n(whole.begin() + static_cast<std::ptrdiff_t>(begin), kBlock, block.begin());
        const auto [found, added] =
            known.emplace(block, static_cast<std::uint16_t>(known.size()));
        if (added) blocks_.insert(blocks_.end(), block.begin(), block.end());
        places_.push_back(found->second);
    }
}

Alphabet Alphabet::of_characters(std::span<const std::uint32_t> starts,
                                 std::span<const std::uint8_t> symbols, Symbol invalid) {
    if (starts.empty() || starts.size() != symbols.size() || starts.front() != 0 ||
        starts.back() >= kCodePoints || !std::is_sorted(starts.begin(), starts.end()))
        throw std::invalid_argument("ranges of characters must ascend from 0, a symbol each");
    Alphabet alphabet;
    alphabet.check(symbols);
    alphabet.check({&invalid, 1});
    alphabet.invalid_ = invalid;
    std::vector<Symbol> whole(kCodePoints);
    for (std::size_t i = 0; i < starts.size(); ++i) {
        const std::size_t stop = i + 1 < starts.size() ? starts[i + 1] : kCodePoints;
        std::fill(whole.begin() + starts[i], whole.begin() + static_cast<std::ptrdiff_t>(stop),
                  symbols[i]);
    }
    std::copy_n(whole.begin(), 128, alphabet.direct_.begin());
    alphabet.fold(whole);
    return alphabet;
}

Alphabet Alphabet::of_bytes(std::span<const std::uint8_t> symbols) {
    if (symbols.size() != 256) throw std::invalid_argument("256 bytes need 256 symbols");
    Alphabet alphabet;
    alphabet.check(symbols);
    alphabet.bytes_ = true;
    std::copy(symbols.begin(), symbols.end(), alphabet.direct_.begin());
    return alphabet;
}

const std::uint8_t* Alphabet::translate(const std::uint8_t* begin, const std::uint8_t* stop,
                                        const std::uint8_t* end, Symbol* symbols) const {
    const std::uint8_t* at = begin;
    while (at < stop) {
        if (stop - at >= 8 && (bytes_ || are_ascii(at))) {
            for (int i = 0; i < 8; ++i) symbols[i] = direct_[at[i]];
            at += 8;
            symbols += 8;
            continue;
        }
        if (bytes_ || *at < 0x80) {
            *symbols++ = direct_[*at++];
            continue;
        }
        const unicode::Character next = unicode::decode(at, end);
        *symbols++ = next.code == unicode::kInvalid ? invalid_ : symbol(next.code);
        for (std::uint32_t i = 1; i < next.width; ++i) *symbols++ = kInside;
        at += next.width;
    }
    return at;
}

}  // namespace tokenry::pattern
