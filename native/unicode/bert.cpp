#include "unicode/bert.hpp"

#include <algorithm>

#include "unicode/hangul.hpp"

namespace tokenry::unicode::bert {

using unicode::expand;
using unicode::total;

constexpr std::array<std::uint16_t, unicode::kCodePoints / unicode::kBlock> kBlocks =
    expand<unicode::kCodePoints / unicode::kBlock, std::uint16_t>(kBlockRuns);
constexpr std::array<std::uint8_t, kRecords> kRecordTable =
    expand<kRecords, std::uint8_t>(kRecordRuns);

static_assert(total(kBlockRuns) == unicode::kCodePoints / unicode::kBlock);

namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFF;

// The value of a code point, or kNone.
std::uint32_t find(std::span<const Changes> runs, const std::uint32_t* values, std::uint32_t code) {
    const auto run = std::ranges::lower_bound(runs, code, {}, &Changes::last);
    return run == runs.end() || code < run->first ? kNone
                                                  : values[run->values + (code - run->first)];
}

Spelling spelling_of(std::uint32_t value) {
    if (value < unicode::kCodePoints) return {{value}, 1, false};
    Spelling spelling;
    for (const auto* code = kSequences + (value - unicode::kCodePoints); *code; ++code)
        spelling.codes[spelling.size++] = *code;
    spelling.ordered = spelling.size > 0 && combining(spelling.codes[spelling.size - 1]) > 0;
    return spelling;
}

}  // namespace

Spelling stripped(std::uint32_t code) {
    if (hangul::is_syllable(code)) {
        const auto [jamo, size] = hangul::jamo_of(code);
        return {jamo, size, false};
    }
    const std::uint32_t value = find(kStrippedRuns, kStrippedValues, code);
    return value == kNone ? Spelling{} : spelling_of(value);
}

Spelling lowered(std::uint32_t code) {
    const std::uint32_t value = find(kLoweredRuns, kLoweredValues, code);
    return value == kNone ? Spelling{{code}, 1, false} : spelling_of(value);
}

std::uint32_t combining(std::uint32_t code) {
    const auto run = std::ranges::lower_bound(kCombining, code, {}, &Combining::last);
    return run == std::end(kCombining) || code < run->first ? 0 : run->order;
}

bool decomposes(std::uint32_t code) {
    const Spelling spelling = stripped(code);
    if (spelling.size == 0) return std::ranges::binary_search(kComposedMarks, code);
    return spelling.size > 1 || spelling.codes[0] != code;
}

}  // namespace tokenry::unicode::bert
