// What Unicode's normalization forms (Unicode Standard Annex 15) do to single characters and pairs, as
// the tables of tokenizers have it.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "unicode/classes.hpp"
#include "unicode/form_tables.hpp"

namespace tokenry::unicode::forms {

// In the order of tools/form_tables.py.
enum Flag : std::uint8_t {
    kNfc = 1,   // this form may change it, alone or with what stands before it
    kNfkc = 2,
    kNfd = 4,
    kNfkd = 8,
    kJoins = 16,            // in NFC and NFD it may act on what stands before it
    kJoinsCompatible = 32,  // the same in NFKC and NFKD
};

struct Kind {
    std::uint8_t order;  // the canonical combining class
    std::uint8_t flags;
};

inline constexpr std::size_t kRecords = unicode::total(kRecordRuns);
extern const std::array<std::uint16_t, kCodePoints / kBlock> kBlocks;
extern const std::array<std::uint8_t, kRecords> kRecordTable;

// What is known of a code point below 0x110000.
TOKENRY_ALWAYS_INLINE Kind kind(std::uint32_t code) {
    const auto& [order, flags] = kKinds[kRecordTable[kBlocks[code / kBlock] * kBlock + code % kBlock]];
    return {order, flags};
}

// Appends the full decomposition of a code point, canonical or compatible.
void decompose(std::uint32_t code, bool compatible, std::vector<std::uint32_t>& codes);
// What two characters compose to, or 0.
std::uint32_t compose(std::uint32_t first, std::uint32_t second);

}  // namespace tokenry::unicode::forms
