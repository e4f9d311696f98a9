// Characters of sets, or runs of them, that become something else wherever they stand.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_set.hpp"
#include "normalize/edits.hpp"
#include "unicode/utf8.hpp"

namespace tokenry::normalize {

class CharacterChanges final : public Editor {
public:
    // Code points from first to last become text number `text`.
    struct Range {
        std::uint32_t first, last, text;
    };

    // Throws std::invalid_argument for a range that is none or has no text. Each character changes by
    // itself where `least` is 0, else runs of at least so many that have one text.
    CharacterChanges(std::span<const Range> ranges, std::vector<std::string> texts,
                     std::size_t least);

    std::size_t growth() const override { return growth_; }

private:
    using Place = const std::uint8_t*;

    void add(const Range& range);
    Place end_of_run(Place at, Place end, std::size_t& count) const;
    void edit(std::string_view text, Edits& edits) const override;
    std::uint8_t change_of(std::uint32_t code) const {
        if (code == unicode::kInvalid) return 0;
        return changes_[std::size_t{blocks_[code / unicode::kBlock]} * unicode::kBlock +
                        code % unicode::kBlock];
    }

    std::vector<std::string> texts_;
    std::size_t least_;
    std::size_t growth_ = 1;
    base::ByteSet leads_;  // first bytes of characters that change
    // In two stages, the number of the text behind 1; 0 for characters that stay.
    std::array<std::uint16_t, unicode::kCodePoints / unicode::kBlock> blocks_{};
    std::vector<std::uint8_t> changes_;
};

}  // namespace tokenry::normalize
