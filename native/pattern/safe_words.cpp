#include "pattern/safe_words.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace tokenry::pattern {

// Bytes that are read at a time.
static constexpr std::size_t kBlock = 1024;

SafeWords::SafeWords(Alphabet alphabet, std::span<const SymbolSet> safe)
    : alphabet_(std::move(alphabet)),
      shift_(static_cast<unsigned>(std::bit_width(alphabet_.size() - 1))),
      safe_(std::size_t{1} << 2 * shift_) {
    for (std::size_t before = kFirstCharacter; before < alphabet_.size(); ++before)
        for (std::size_t behind = kFirstCharacter; behind < alphabet_.size(); ++behind)
            safe_[before << shift_ | behind] = safe[before][behind];
}

std::size_t SafeWords::split(const std::uint8_t* text, std::size_t size, std::size_t begin,
                             std::uint32_t* ends, std::size_t capacity) const {
    constexpr std::size_t inside = 4;  // bytes of a character that a block may end in
    std::array<Symbol, kBlock + inside> symbols;
    const std::uint8_t* const end = text + std::min(size, begin + split::kLongestPretoken);
    std::size_t written = 0;
    Symbol before = kEdge;  // which is in no pair
    for (const std::uint8_t* at = text + begin; at < end;) {
        const std::uint8_t* const stop = at + std::min<std::ptrdiff_t>(kBlock, end - at);
        const std::uint8_t* const next = alphabet_.translate(at, stop, text + size, symbols.data());
        const auto first = static_cast<std::uint32_t>(at - (text + begin));
        const auto count = static_cast<std::uint32_t>(next - at);
        for (std::uint32_t i = 0; i < count;) {
            if (written == capacity) return written;
            // So many bytes have no more ends than there is room for; nobody can tell which have one.
            const auto sure = i + static_cast<std::uint32_t>(std::min<std::size_t>(count - i, capacity - written));
            for (; i < sure; ++i) {
                const Symbol symbol = symbols[i];
                ends[written] = first + i;
                written += is_safe(before, symbol);
                before = symbol == kInside ? before : symbol;
            }
        }
        at = next;
    }
    if (written < capacity && begin < size)
        ends[written++] = static_cast<std::uint32_t>(end - (text + begin));
    return written;
}

bool SafeWords::end_before_spaces() const {
    std::array<Symbol, 27 + 4> symbols;
    const std::uint8_t characters[] = "abcdefghijklmnopqrstuvwxyz ";
    alphabet_.translate(characters, characters + 27, characters + 27, symbols.data());
    return std::all_of(symbols.begin(), symbols.begin() + 26,
                       [&](Symbol letter) { return is_safe(letter, symbols[26]); });
}

}  // namespace tokenry::pattern
