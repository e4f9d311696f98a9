// A segmenter turns one pretoken into ids. It is immutable and shared by threads.
//
// `segment` and `pieces` are all that a new one needs. Whoever calls it for something else asks for a
// role, which is declared in a header of its own: caches of words for Caching, engines that tell spans
// for a SpanFinder, a LocalEngine for a WordJoiner and a TextEnd.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/buffer.hpp"
#include "base/text.hpp"
#include "encode/caching.hpp"
#include "encode/words.hpp"

namespace tokenry::encode {

using base::Id;
using base::Text;

class PieceTable;
class SpanFinder;
class TextEnd;
class WordJoiner;

// Working memory that a thread reuses between pretokens; each segmenter makes its own kind.
struct Scratch {
    virtual ~Scratch() = default;
    // Memory of the caches in it.
    virtual std::size_t cache_bytes() const { return 0; }
};

class Segmenter {
public:
    virtual ~Segmenter() = default;
    virtual std::unique_ptr<Scratch> make_scratch() const { return std::make_unique<Scratch>(); }

    // Appends the ids of one pretoken to `ids`, all below 2^29; near-linear in `size` for every
    // input. Throws std::invalid_argument where the pretoken has no ids.
    virtual void segment(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                         std::vector<Id>& ids) const = 0;

    // As segment for each of `pretokens` in turn; counts[i] receives the number of ids of the i-th.
    // A segmenter that waits for memory can work on several at once.
    virtual void segment_many(std::span<const Pretoken> pretokens, Scratch& scratch,
                              std::vector<Id>& ids, std::uint32_t* counts) const;

    // The bytes of each id, for decoding.
    virtual const PieceTable& pieces() const = 0;

    virtual Caching caching() const { return {}; }
    // Null where ids stand for the bytes of their pieces.
    virtual const SpanFinder* spans() const { return nullptr; }
    // Null where the ids of a text are those of its words.
    virtual const WordJoiner* joiner() const { return nullptr; }
    // Null where the last word of a text is one like others.
    virtual const TextEnd* text_end() const { return nullptr; }
};

// One whose work is `segment_many`: a single pretoken goes that way too.
class ManySegmenter : public Segmenter {
public:
    void segment(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                 std::vector<Id>& ids) const final;
    void segment_many(std::span<const Pretoken> pretokens, Scratch& scratch, std::vector<Id>& ids,
                      std::uint32_t* counts) const override = 0;
};

// Ids of words from those of their pretokens: word i has numbers[i] of these, one after the other.
void sum_counts(std::span<const std::size_t> numbers, const std::uint32_t* of_pretokens,
                std::uint32_t* of_words);

}  // namespace tokenry::encode
