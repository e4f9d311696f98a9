#include "encode/rank_file.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <vector>

#include "base/key.hpp"

namespace tokenry::encode {
namespace {

constexpr std::uint8_t no_digit = 0xff;

constexpr std::array<std::uint8_t, 256> base64_digits() {
    std::array<std::uint8_t, 256> values{};
    values.fill(no_digit);
    constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::uint8_t i = 0; i < 64; ++i) values[static_cast<std::uint8_t>(digits[i])] = i;
    return values;
}
constexpr auto values = base64_digits();

// Appends what base64[0, size) stands for; false where it is not base64 or has bits to spare.
bool append_decoded(const std::uint8_t* base64, std::size_t size, Buffer<std::uint8_t>& out) {
    if (size == 0 || size % 4 != 0) return false;
    const std::size_t padding = (base64[size - 1] == '=') + (base64[size - 2] == '=');
    out.reserve_more(size / 4 * 3);
    std::uint8_t* to = out.end();
    std::uint8_t bad = 0;
    for (std::size_t at = 0; at < size; at += 4) {
        const std::size_t gone = at + 4 == size ? padding : 0;
        const std::uint8_t a = values[base64[at]];
        const std::uint8_t b = values[base64[at + 1]];
        const std::uint8_t c = gone > 1 ? 0 : values[base64[at + 2]];
        const std::uint8_t d = gone > 0 ? 0 : values[base64[at + 3]];
        bad |= a | b | c | d;
        const std::uint32_t three = std::uint32_t{a} << 18 | b << 12 | c << 6 | d;
        to[0] = static_cast<std::uint8_t>(three >> 16);
        to[1] = static_cast<std::uint8_t>(three >> 8);
        to[2] = static_cast<std::uint8_t>(three);
        to += 3;
        if (gone > 0 && (three & ((1u << (8 * gone)) - 1)) != 0) return false;
    }
    out.set_size(out.size() + size / 4 * 3 - padding);
    return bad < 64 && (padding != 1 || base64[size - 1] == '=');
}

// Whether all strings differ.
bool all_differ(const Buffer<std::uint8_t>& bytes, const Buffer<std::uint64_t>& offsets) {
    const std::size_t count = offsets.size() - 1;
    const std::size_t mask = std::bit_ceil(count * 2 + 16) - 1;
    std::vector<std::uint32_t> slots(mask + 1);  // 1 + the index of a string
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint8_t* piece = bytes.data() + offsets[i];
        const std::size_t size = offsets[i + 1] - offsets[i];
        std::size_t slot = base::hash_of(piece, size) & mask;
        for (; slots[slot] != 0; slot = (slot + 1) & mask) {
            const std::uint64_t other = offsets[slots[slot] - 1];
            if (offsets[slots[slot]] - other == size &&
                std::memcmp(bytes.data() + other, piece, size) == 0)
                return false;
        }
        slots[slot] = static_cast<std::uint32_t>(i + 1);
    }
    return true;
}

// The rank at `at`, up to the end of the line; `at` moves to the next. 2^31 or more where it is
// none.
std::uint64_t read_rank(std::span<const std::uint8_t> data, std::size_t& at) {
    std::uint64_t rank = 0;
    const std::size_t begin = at;
    for (; at < data.size() && data[at] >= '0' && data[at] <= '9' && at - begin < 11; ++at)
        rank = rank * 10 + static_cast<std::uint64_t>(data[at] - '0');
    if (at == begin || at - begin > 10) return ~0ull;
    if (at < data.size() && data[at] == '\r') ++at;
    if (at < data.size() && data[at++] != '\n') return ~0ull;
    return rank;
}

}  // namespace

bool read_rank_file(std::span<const std::uint8_t> data, RankFile& file) {
    constexpr std::ptrdiff_t longest = 65536;
    file.pieces.reserve_more(data.size() / 2);
    file.offsets.push(0);
    for (std::size_t at = 0; at < data.size();) {
        const std::uint8_t* line = data.data() + at;
        const auto* space = static_cast<const std::uint8_t*>(std::memchr(
            line, ' ', std::min<std::size_t>(data.size() - at, longest + 1)));
        if (space == nullptr) return false;
        const auto size = static_cast<std::size_t>(space - line);
        if (!append_decoded(line, size, file.pieces)) return false;
        at += size + 1;
        const std::uint64_t rank = read_rank(data, at);
        if (rank >= 1ull << 31) return false;
        file.offsets.push(file.pieces.size());
        file.ranks.push(static_cast<std::uint32_t>(rank));
    }
    return all_differ(file.pieces, file.offsets);
}

}  // namespace tokenry::encode
