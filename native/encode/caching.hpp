// What a cache of words asks of the segmenter behind it.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/buffer.hpp"
#include "encode/words.hpp"

namespace tokenry::encode {

using base::Buffer;

class PieceIndex;

class WordCutter {
public:
    // Cuts a pretoken where that never changes the ids, so that a cache may know its parts: appends
    // the ends of the parts, the last of them its own, or nothing.
    virtual void cut(Pretoken pretoken, Buffer<std::uint32_t>& ends) const = 0;

protected:
    ~WordCutter() = default;
};

struct Caching {
    std::size_t ids_per_byte = 1;  // at most so many stand for a byte of a pretoken
    // Whether the segmenter remembers the words of long pretokens itself, so that nobody else need.
    bool remembers = false;
    bool remembers_all = false;  // short ones, too, so that it had better be asked at once
    const WordCutter* cutter = nullptr;  // null where it knows no such places
    // Words that are these pieces become them; null where it is not so for all of them.
    const PieceIndex* wholes = nullptr;
};

}  // namespace tokenry::encode
