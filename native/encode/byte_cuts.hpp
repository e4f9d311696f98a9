// Where a text may be cut because no merge before a certain one crosses, told by the two bytes there.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/buffer.hpp"
#include "base/byte_set.hpp"
#include "encode/pair_table.hpp"
#include "encode/piece_table.hpp"

namespace tokenry::encode {

class ByteCuts {
public:
    // Of the merges before `order`.
    ByteCuts(const PieceTable& table, const PairTable& pairs, std::uint32_t order);

    bool between(std::uint8_t left, std::uint8_t right) const {
        return !(crossed_[left][right / 64] >> (right % 64) & 1);
    }

    // Where a text may be cut: a bit a byte for the place before it, at least size / 64 words. Only
    // places beside an ASCII character that is neither a letter nor a digit are looked at, which is
    // where words end.
    void find(const std::uint8_t* text, std::size_t size, base::Buffer<std::uint64_t>& places) const;

private:
    struct Window {
        std::uint64_t spaces, ends, after;  // a bit a byte: whether it is a space, in ends_, in after_
    };
    Window window(const std::uint8_t* text, std::size_t size) const;

    std::uint64_t crossed_[256][4] = {};  // by left byte, a bit for each right one
    base::ByteSet spaces_, ends_;  // ends_: other ASCII characters that are no letters and no digits
    base::ByteSet after_;          // bytes behind which a text may be cut before a space
};

// Where BPE goes on over the boundaries of words: the order of the first merge that makes a piece with
// a letter before a space. Merges shortly before it, of punctuation before a space, count. Or no_merge,
// where there are few such pieces, or they begin early: whoever learns them so has cut his text
// otherwise, into fields, say, which come again and again and are best known whole.
std::uint32_t first_superword(const PieceTable& table, const PairTable& pairs);

}  // namespace tokenry::encode
