#include "encode/rank_file.hpp"

#include <bit>
#include <cstring>
#include <vector>

#include "base/compiler.hpp"
#include "base/key.hpp"

namespace tokenry::encode {
namespace {

// Some bit of these is set where a byte is no base64 digit.
constexpr std::uint32_t no_digit = 0xff000000u;

// What a digit adds to the three bytes that four of them stand for, by its place among these.
struct Digits {
    std::uint32_t at[4][256] = {};
    constexpr Digits() {
        for (auto& place : at)
            for (std::uint32_t& value : place) value = no_digit;
        constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (std::uint32_t value = 0; value < 64; ++value) {
            const auto digit = static_cast<std::uint8_t>(digits[value]);
            at[0][digit] = value << 2;
            at[1][digit] = value >> 4 | (value & 15) << 12;
            at[2][digit] = (value >> 2) << 8 | (value & 3) << 22;
            at[3][digit] = value << 16;
        }
    }
};
constexpr Digits digits;

// Decodes what stands at `at` to the end of `out`, which has room for it and a byte more, and moves
// `at` behind it; false where there is no base64 or some bits of it stand for nothing.
bool read_piece(std::span<const std::uint8_t> data, std::size_t& at, Buffer<std::uint8_t>& out) {
    constexpr std::size_t longest = 65536;
    const std::uint8_t* from = data.data() + at;
    const std::uint8_t* const begin = from;
    const std::uint8_t* const end = data.data() + data.size();
    std::uint8_t* to = out.end();
    for (; end - from >= 4; from += 4, to += 3) {
        const std::uint32_t three = digits.at[0][from[0]] | digits.at[1][from[1]] |
                                    digits.at[2][from[2]] | digits.at[3][from[3]];
        if (three >= 1u << 24) [[unlikely]] break;
        std::memcpy(to, &three, sizeof three);
    }
    if (end - from >= 4 && from[3] == '=') {
        const int bytes = from[2] == '=' ? 1 : 2;
        const std::uint32_t few = digits.at[0][from[0]] | digits.at[1][from[1]] |
                                  (bytes == 2 ? digits.at[2][from[2]] : 0);
        if (few >> (8 * bytes) != 0) return false;
        std::memcpy(to, &few, sizeof few);
        from += 4;
        to += bytes;
    }
    const auto size = static_cast<std::size_t>(from - begin);
    if (size == 0 || size > longest || from == end || *from != ' ') return false;
    out.set_size(static_cast<std::size_t>(to - out.data()));
    at += size + 1;
    return true;
}

// Whether all strings differ; 16 bytes can be read behind the last.
bool all_differ(const Buffer<std::uint8_t>& bytes, const Buffer<std::uint64_t>& offsets) {
    constexpr std::size_t ahead = 16;  // so far before a slot is looked at its memory is asked for
    const std::size_t count = offsets.size() - 1;
    const std::size_t mask = std::bit_ceil(count * 2 + 16) - 1;
    std::vector<std::uint32_t> hashes(count + ahead);
    std::vector<std::uint32_t> slots(mask + 1);  // 1 + the index of a string
    const auto size_of = [&](std::size_t i) { return offsets[i + 1] - offsets[i]; };
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint8_t* const piece = bytes.data() + offsets[i];
        hashes[i] = size_of(i) <= base::Key::longest
                        ? base::hash_of(base::key_of_padded(piece, size_of(i)))
                        : base::hash_of(piece, size_of(i));
    }
    for (std::size_t i = 0; i < count; ++i) {
        base::prefetch(&slots[hashes[i + ahead] & mask]);
        std::size_t slot = hashes[i] & mask;
        for (; slots[slot] != 0; slot = (slot + 1) & mask) {
            const std::size_t other = slots[slot] - 1;
            if (hashes[other] == hashes[i] && size_of(other) == size_of(i) &&
                std::memcmp(bytes.data() + offsets[other], bytes.data() + offsets[i], size_of(i)) == 0)
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
    constexpr std::size_t padding = 16;  // is read behind the last piece
    file.pieces.reserve_more(data.size() / 4 * 3 + padding);
    file.offsets.reserve_more(data.size() / 8);
    file.ranks.reserve_more(data.size() / 8);
    file.offsets.push(0);
    for (std::size_t at = 0; at < data.size();) {
        if (!read_piece(data, at, file.pieces)) return false;
        const std::uint64_t rank = read_rank(data, at);
        if (rank >= 1ull << 31) return false;
        file.offsets.push(file.pieces.size());
        file.ranks.push(static_cast<std::uint32_t>(rank));
    }
    std::memset(file.pieces.end(), 0, padding);
    return all_differ(file.pieces, file.offsets);
}

}  // namespace tokenry::encode
