#include "encode/byte_cuts.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace tokenry::encode {
namespace {

constexpr std::size_t width = 64;

constexpr bool is_letter(std::size_t byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}
constexpr bool is_digit(std::size_t byte) { return byte >= '0' && byte <= '9'; }

}  // namespace

std::uint32_t first_superword(const PieceTable& table, const PairTable& pairs) {
    std::uint32_t first[256];  // by the byte before a space
    std::fill(std::begin(first), std::end(first), no_merge);
    std::size_t count = 0;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const Id id = pairs.merged_at(i);
        const std::uint8_t* const piece = table.data(id);
        for (std::size_t at = 1; at < table.width(id); ++at) {
            if (piece[at] != ' ') continue;
            first[piece[at - 1]] = std::min(first[piece[at - 1]], pairs.order_at(i));
            count += is_letter(piece[at - 1]);
        }
    }
    std::uint32_t order = no_merge;
    for (std::size_t byte = 0; byte < 256; ++byte)
        if (is_letter(byte)) order = std::min(order, first[byte]);
    if (order < pairs.size() / 4 || count < pairs.size() / 100) return no_merge;
    const std::uint32_t early = order - order / 4;
    for (const std::uint32_t each : first)
        if (each >= early) order = std::min(order, each);
    return order;
}

ByteCuts::ByteCuts(const PieceTable& table, const PairTable& pairs, std::uint32_t order) {
    for (std::size_t i = 0; i < pairs.size() && pairs.order_at(i) < order; ++i) {
        const Id id = pairs.merged_at(i);
        const std::uint8_t* const piece = table.data(id);
        for (std::size_t at = 1; at < table.width(id); ++at)
            crossed_[piece[at - 1]][piece[at] / 64] |= std::uint64_t{1} << (piece[at] % 64);
    }
    spaces_.add(' ');
    for (std::size_t each = 0; each < 256; ++each) {
        const auto byte = static_cast<std::uint8_t>(each);
        if (each < 0x80 && each != ' ' && !is_letter(each) && !is_digit(each)) ends_.add(byte);
        if (between(byte, ' ')) after_.add(byte);
    }
}

ByteCuts::Window ByteCuts::window(const std::uint8_t* text, std::size_t size) const {
    Window found{};
    std::uint8_t padded[width];
    if (size < width) {
        std::memset(padded, 'a', width);
        std::memcpy(padded, text, size);
        text = padded;
    }
    for (std::size_t i = 0; i < width; i += 16) {
        found.spaces |= std::uint64_t{spaces_.members(text + i)} << i;
        found.ends |= std::uint64_t{ends_.members(text + i)} << i;
        found.after |= std::uint64_t{after_.members(text + i)} << i;
    }
    return found;
}

// Most places are before a space, which a look at two sets decides for a whole window.
void ByteCuts::find(const std::uint8_t* text, std::size_t size,
                    base::Buffer<std::uint64_t>& places) const {
    places.clear();
    places.reserve_more(size / width + 1);
    std::uint64_t after = 0;  // of the byte before the window, as is `ends`
    std::uint64_t ends = 0;
    for (std::size_t at = 0; at < size; at += width) {
        const std::size_t count = std::min(width, size - at);
        const Window found = window(text + at, count);
        std::uint64_t cuts = found.spaces & (found.after << 1 | after);
        std::uint64_t others = (found.ends | found.ends << 1 | ends) & ~found.spaces;
        after = found.after >> (width - 1);
        ends = found.ends >> (width - 1);
        if (at == 0) others &= ~std::uint64_t{1};
        if (count < width) others &= (std::uint64_t{1} << count) - 1;
        for (; others; others &= others - 1) {
            const auto bit = static_cast<std::size_t>(std::countr_zero(others));
            cuts |= std::uint64_t{between(text[at + bit - 1], text[at + bit])} << bit;
        }
        places.push(cuts);
    }
}

}  // namespace tokenry::encode
