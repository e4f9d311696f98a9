// General categories as one 32-bit mask per class: a class test is one table walk and one AND.
#pragma once

// For what files of different instruction sets share: never emitted out of line, where the linker
// could hand code made for a wider processor to a narrower one.

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "base/compiler.hpp"
#include "unicode/tables.hpp"

namespace tokenry::unicode {

// In the order of tools/generate_unicode.py. Cs_ has the spelling that no system header defines.
enum Category : std::uint8_t {
    Cn, Cc, Cf, Co, Cs_, Ll, Lm, Lo, Lt, Lu, Mc, Me, Mn, Nd, Nl, No,
    Pc, Pd, Pe, Pf, Pi, Po, Ps, Sc, Sk, Sm, So, Zl, Zp, Zs, SpaceControl
};

using Mask = std::uint32_t;

constexpr Mask mask(std::initializer_list<Category> categories) {
    Mask result = 0;
    for (const Category category : categories) result |= Mask{1} << category;
    return result;
}

inline constexpr Mask kLetter = mask({Ll, Lm, Lo, Lt, Lu});
inline constexpr Mask kUpper = mask({Lu, Lt});  // upper and title case
inline constexpr Mask kLower = mask({Ll});
inline constexpr Mask kCaseless = mask({Lm, Lo});
inline constexpr Mask kMark = mask({Mc, Me, Mn});
inline constexpr Mask kNumber = mask({Nd, Nl, No});
inline constexpr Mask kSpace = mask({Zl, Zp, Zs, SpaceControl});  // White_Space, the \s of regexes
inline constexpr Mask kPunctuation = mask({Pc, Pd, Pe, Pf, Pi, Po, Ps});
inline constexpr Mask kSymbol = mask({Sc, Sk, Sm, So});

inline constexpr std::size_t kBlock = 64;
inline constexpr std::size_t kCodePoints = 0x110000;
inline constexpr std::uint8_t kCategoryBits = 0x1F;
inline constexpr std::uint8_t kHan = 0x20;

template <std::size_t Size, class Value, std::size_t Runs>
constexpr std::array<Value, Size> expand(const std::uint16_t (&runs)[Runs][2]) {
    std::array<Value, Size> values{};
    std::size_t position = 0;
    for (const auto& run : runs) {
        for (std::size_t i = 0; i < run[0]; ++i) values[position++] = static_cast<Value>(run[1]);
    }
    return values;
}

template <std::size_t Runs>
constexpr std::size_t total(const std::uint16_t (&runs)[Runs][2]) {
    std::size_t sum = 0;
    for (const auto& run : runs) sum += run[0];
    return sum;
}

inline constexpr std::size_t kRecords = total(kRecordRuns);
extern const std::array<std::uint16_t, kCodePoints / kBlock> kBlocks;
extern const std::array<std::uint8_t, kRecords> kRecordTable;

// The record of a code point below 0x110000; bits as in tools/generate_unicode.py.
TOKENRY_ALWAYS_INLINE std::uint8_t record(std::uint32_t code) {
    return kRecordTable[kBlocks[code / kBlock] * kBlock + code % kBlock];
}

TOKENRY_ALWAYS_INLINE Category category(std::uint32_t code) {
    return static_cast<Category>(record(code) & kCategoryBits);
}

}  // namespace tokenry::unicode
