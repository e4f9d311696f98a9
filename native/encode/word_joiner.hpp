// Whether the ids of the words of a text, in a row, are those of the text: of segmenters of words that a
// LocalEngine sees one by one, for which that depends on the text.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "encode/segmenter.hpp"
#include "encode/words.hpp"

namespace tokenry::encode {

class WordJoiner {
public:
    // Whether they are, for a text of so many bytes.
    virtual bool hold_together(std::span<const Id> ids, std::size_t bytes) const = 0;

    // Where they are not: appends the ids of the text, given its words and their ids, counts[i] of
    // the i-th; false where that takes more than these.
    virtual bool put_together(const Words& words, const Id* ids, const std::uint32_t* counts,
                              Scratch& scratch, std::vector<Id>& text) const = 0;

    // Longer texts never hold together.
    virtual std::size_t longest_text() const = 0;

protected:
    ~WordJoiner() = default;
};

}  // namespace tokenry::encode
