// How many bytes of text each id stands for, in one byte an id.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "encode/piece_table.hpp"
#include "encode/segmenter.hpp"

namespace tokenry::encode {

// Asking the segmenter costs a virtual call and a line of a table four times as large for each id,
// together a fifth of what encoding costs.
class IdWidths {
public:
    explicit IdWidths(const Segmenter& segmenter) : segmenter_(segmenter) {
        const PieceTable* pieces = segmenter.pieces();
        widths_.resize(pieces == nullptr ? 0 : pieces->size());
        for (Id id = 0; id < widths_.size(); ++id)
            widths_[id] = static_cast<std::uint8_t>(std::min(segmenter.width(id), ask));
    }

    // Writes begin and end of each id, the first of which begins at `at`, and returns where the
    // last ends. Where an id does not say its width, `open` becomes true.
    std::uint64_t write_spans(const Id* ids, std::size_t count, std::uint64_t at,
                              std::int64_t* spans, bool& open) const {
        const std::uint8_t* const widths = widths_.data();  // what is stored cannot change these
        const std::size_t known = widths_.size();
        bool empty = false;
        for (std::size_t i = 0; i < count; ++i) {
            std::uint32_t width = ids[i] < known ? widths[ids[i]] : ask;
            if (width == ask) [[unlikely]] width = segmenter_.width(ids[i]);
            empty |= width == 0;
            spans[2 * i] = static_cast<std::int64_t>(at);
            spans[2 * i + 1] = static_cast<std::int64_t>(at += width);
        }
        open |= empty;
        return at;
    }

private:
    static constexpr std::uint32_t ask = 255;

    const Segmenter& segmenter_;
    std::vector<std::uint8_t> widths_;
};

}  // namespace tokenry::encode
