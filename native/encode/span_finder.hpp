// Where ids end in the text that they stand for, of segmenters whose pieces do not tell.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "encode/segmenter.hpp"

namespace tokenry::encode {

class SpanFinder {
public:
    // Bytes of input that an id stands for, or 0 where that depends on the input (unknowns).
    virtual std::uint32_t width(Id id) const = 0;

    // As Segmenter::segment, and appends the end of each id within the pretoken, ascending.
    virtual void segment_with_ends(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                                   std::vector<Id>& ids, std::vector<std::uint32_t>& ends) const = 0;

    // Bytes at the beginning of a pretoken that its ids do not stand for.
    virtual std::size_t ignored(Pretoken) const { return 0; }

protected:
    ~SpanFinder() = default;
};

// The same of any segmenter: of one that has no finder, by the sizes of its pieces, which serves
// pretokens in which they leave at most one end open; throws EncodeError for others.
std::uint32_t width_of(const Segmenter& segmenter, Id id);
void find_ends(const Segmenter& segmenter, Pretoken pretoken, Scratch& scratch,
               std::vector<Id>& ids, std::vector<std::uint32_t>& ends);
std::size_t ignored_by(const Segmenter& segmenter, Pretoken pretoken);

}  // namespace tokenry::encode
