// What BERT's text cleaning and splitting do to single characters (Devlin et al. 2018,
// arXiv:1810.04805), as tokenizers does it.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "unicode/bert_tables.hpp"
#include "unicode/classes.hpp"

namespace tokenry::unicode::bert {

// In the order of tools/bert_tables.py.
enum Flag : std::uint8_t {
    kRemoved = 1,      // by the cleaning
    kWhite = 2,        // white space
    kHan = 4,          // gets spaces around it
    kMark = 8,         // punctuation
    kBecomesMark = 16, // without its accents
    kStripped = 32,    // changes, or may change its place, where accents are stripped
    kLowered = 64,     // changes in lower case
    kPassed = 128,     // a dropped accent past which others may change their places
};

// The four steps of BertNormalizer, each of which may be left out.
struct Options {
    bool clean_text = false;
    bool space_out_han = false;
    bool strip_accents = false;
    bool lowercase = false;

    bool operator==(const Options&) const = default;
    // The flags that have a meaning under these options.
    constexpr std::uint8_t flags() const {
        return static_cast<std::uint8_t>(
            kWhite | kMark | (clean_text ? kRemoved : 0) | (space_out_han ? kHan : 0) |
            (strip_accents ? kBecomesMark | kStripped | kPassed : 0) | (lowercase ? kLowered : 0));
    }
};

inline constexpr std::size_t kRecords = unicode::total(kRecordRuns);
extern const std::array<std::uint16_t, unicode::kCodePoints / unicode::kBlock> kBlocks;
extern const std::array<std::uint8_t, kRecords> kRecordTable;

// All flags of a code point below 0x110000.
TOKENRY_ALWAYS_INLINE std::uint8_t record(std::uint32_t code) {
    return kRecordTable[kBlocks[code / unicode::kBlock] * unicode::kBlock + code % unicode::kBlock];
}

// What BertPreTokenizer does to a character with such flags: white space is removed, punctuation
// and ideographs are words of their own, and of everything else words are made.
enum Kind : std::uint8_t { kLetter, kSpace, kAlone };

TOKENRY_ALWAYS_INLINE constexpr Kind kind(std::uint8_t flags) {
    if (flags & kRemoved) return kLetter;
    if (flags & kWhite) return kSpace;
    return flags & (kMark | kHan | kBecomesMark) ? kAlone : kLetter;
}

// Up to three code points. `ordered` if the last of them may change its place.
struct Spelling {
    std::array<std::uint32_t, 3> codes{};
    std::size_t size = 0;
    bool ordered = false;

    const std::uint32_t* begin() const { return codes.data(); }
    const std::uint32_t* end() const { return codes.data() + size; }
};

// What a code point with kStripped becomes where accents are stripped: nothing if it is dropped.
Spelling stripped(std::uint32_t code);
// The lower case of any code point.
Spelling lowered(std::uint32_t code);
// The canonical combining class.
std::uint32_t combining(std::uint32_t code);
// Whether a code point with kStripped is another, or several, in Normalization Form D.
bool decomposes(std::uint32_t code);

}  // namespace tokenry::unicode::bert
