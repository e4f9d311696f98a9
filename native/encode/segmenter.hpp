// A segmenter turns one pretoken into ids. It is immutable and shared by threads.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/buffer.hpp"
#include "base/text.hpp"
#include "encode/words.hpp"

namespace tokenry::encode {

using base::Buffer;
using base::Id;
using base::Text;

class PieceTable;

struct Pretoken {
    const std::uint8_t* text;
    std::size_t size;

    std::string_view view() const { return {reinterpret_cast<const char*>(text), size}; }
};

// Working memory that a thread reuses between pretokens; each segmenter makes its own kind.
struct Scratch {
    virtual ~Scratch() = default;
    // Memory of the caches in it.
    virtual std::size_t cache_bytes() const { return 0; }
};

class Segmenter {
public:
    virtual ~Segmenter() = default;
    virtual std::unique_ptr<Scratch> make_scratch() const = 0;

    // Appends the ids of one pretoken to `ids`, all below 2^29; near-linear in `size` for every
    // input. Throws std::invalid_argument where the pretoken has no ids.
    virtual void segment(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                         std::vector<Id>& ids) const = 0;

    // As segment for each of `pretokens` in turn; counts[i] receives the number of ids of the i-th.
    // A segmenter that waits for memory can work on several at once.
    virtual void segment_many(std::span<const Pretoken> pretokens, Scratch& scratch,
                              std::vector<Id>& ids, std::uint32_t* counts) const;

    // Whether cut does anything.
    virtual bool cuts() const { return false; }
    // Cuts a pretoken where that never changes the ids, which lets a cache know more of it: appends
    // the ends of the parts, the last of them its own, or nothing.
    virtual void cut(Pretoken pretoken, Buffer<std::uint32_t>& ends) const;

    // Bytes of input that an id stands for, or 0 where that depends on the input (unknowns).
    virtual std::uint32_t width(Id id) const = 0;

    // As segment, and appends the end of each id within the pretoken, ascending. The default
    // serves pretokens whose widths leave at most one end open; others must override it.
    virtual void segment_with_ends(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                                   std::vector<Id>& ids, std::vector<std::uint32_t>& ends) const;

    // Bytes at the beginning of a pretoken that its ids do not stand for.
    virtual std::size_t ignored(const std::uint8_t*, std::size_t) const { return 0; }

    // For segmenters of words that a LocalEngine sees one by one: whether the ids of the words of a
    // text, in a row, are those of the text, which has so many bytes.
    virtual bool hold_together(std::span<const Id>, std::size_t) const { return true; }
    // Where they do not: appends the ids of the text, given its words and their ids, counts[i] of the
    // i-th; false where that takes more than these.
    virtual bool put_together(const Words&, const Id*, const std::uint32_t*, Scratch&,
                              std::vector<Id>&) const {
        return false;
    }
    // Longer texts never hold together.
    virtual std::size_t longest_text() const { return ~std::size_t{0}; }

    // Whether it remembers the words of long pretokens itself, so that nobody else need do so.
    virtual bool remembers() const { return false; }

    // At most so many ids stand for a byte of a pretoken.
    virtual std::size_t ids_per_byte() const { return 1; }

    // The bytes of each id, for decoding. Default: none, and then an engine cannot decode.
    virtual const PieceTable* pieces() const { return nullptr; }
};

}  // namespace tokenry::encode
