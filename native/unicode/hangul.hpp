// Hangul is composed by arithmetic (The Unicode Standard, 3.12).
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace tokenry::unicode::hangul {

inline constexpr std::uint32_t kSyllables = 0xAC00, kSyllableCount = 11172;
inline constexpr std::uint32_t kLeading = 0x1100, kVowels = 0x1161, kTrailing = 0x11A7;
inline constexpr std::uint32_t kLeadingCount = 19, kVowelCount = 21, kTrailingCount = 28;

// Jamo of a syllable: two of them, or three.
struct Jamo {
    std::array<std::uint32_t, 3> codes;
    std::size_t size;
};

inline bool is_syllable(std::uint32_t code) { return code - kSyllables < kSyllableCount; }

inline Jamo jamo_of(std::uint32_t syllable) {
    const std::uint32_t number = syllable - kSyllables, trailing = number % kTrailingCount;
    return {{kLeading + number / (kVowelCount * kTrailingCount),
             kVowels + number / kTrailingCount % kVowelCount, kTrailing + trailing},
            trailing ? std::size_t{3} : std::size_t{2}};
}

// What a leading jamo and a vowel, or a syllable without a trailing jamo and one, compose to, or 0.
inline std::uint32_t compose(std::uint32_t first, std::uint32_t second) {
    if (first - kLeading < kLeadingCount && second - kVowels < kVowelCount)
        return kSyllables + ((first - kLeading) * kVowelCount + (second - kVowels)) * kTrailingCount;
    const bool open = is_syllable(first) && (first - kSyllables) % kTrailingCount == 0;
    if (open && second - kTrailing - 1 < kTrailingCount - 1) return first + (second - kTrailing);
    return 0;
}

}  // namespace tokenry::unicode::hangul
