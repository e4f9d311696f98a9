// How many bytes of text each id stands for, in one byte an id.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "encode/segmenter.hpp"

namespace tokenry::encode {

// Asking the segmenter costs a virtual call and a line of a table four times as large for each id,
// together a fifth of what encoding costs.
class IdWidths {
public:
    explicit IdWidths(const Segmenter& segmenter);

    // Writes begin and end of each id, the first of which begins at `at`, and returns where the
    // last ends. Where an id does not say its width, `open` becomes true.
    std::uint64_t write_spans(const Id* ids, std::size_t count, std::uint64_t at,
                              std::int64_t* spans, bool& open) const;

private:
    std::uint32_t of(Id id) const;
    // Whether an entry is the width itself: 0 is no width, 255 stands for that and more.
    static bool says(std::uint8_t width) { return std::uint8_t(width - 1) < 254; }

    const Segmenter& segmenter_;
    std::vector<std::uint8_t> widths_;
};

}  // namespace tokenry::encode
