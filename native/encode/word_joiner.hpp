// Whether the ids of the words of a text, in a row, are those of the text: of segmenters of words that a
// LocalEngine sees one by one, for which that depends on the text.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "encode/segmenter.hpp"
#include "encode/words.hpp"

namespace tokenry::encode {

class WordJoiner {
public:
    // Whether they surely are.
    virtual bool hold_together(std::span<const Id> ids) const = 0;

    // Appends the ids of words as they are in the text, given those of each by itself, counts[i] of the
    // i-th, and returns how many words it had to search again; nothing where that takes more than
    // these. `sum` is 0 at the beginning of a text, and tells the words that come next in it what
    // stands before them.
    virtual std::optional<std::size_t> put_together(const Words& words, const Id* ids,
                                                    const std::uint32_t* counts, float& sum,
                                                    Scratch& scratch, std::vector<Id>& text) const = 0;

protected:
    ~WordJoiner() = default;
};

}  // namespace tokenry::encode
