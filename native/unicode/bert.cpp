#include "unicode/bert.hpp"

#include <algorithm>

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

// Hangul is composed by arithmetic (The Unicode Standard, 3.12).
constexpr std::uint32_t kSyllables = 0xAC00, kSyllableCount = 11172;
constexpr std::uint32_t kLeading = 0x1100, kVowels = 0x1161, kTrailing = 0x11A7;
constexpr std::uint32_t kVowelCount = 21, kTrailingCount = 28;

Spelling jamo_of(std::uint32_t syllable) {
    const std::uint32_t trailing = syllable % kTrailingCount;
    return {{kLeading + syllable / (kVowelCount * kTrailingCount),
             kVowels + syllable / kTrailingCount % kVowelCount, kTrailing + trailing},
            trailing ? std::size_t{3} : std::size_t{2},
            false};
}

}  // namespace

Spelling stripped(std::uint32_t code) {
    if (code - kSyllables < kSyllableCount) return jamo_of(code - kSyllables);
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
