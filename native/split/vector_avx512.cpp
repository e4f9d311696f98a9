// The splitters on AVX-512 (BW, VBMI, VBMI2). See window.hpp.
#include "base/compiler.hpp"
#if defined(TOKENRY_X86)
#include "split/blocks_avx512.hpp"
#include "split/families.hpp"

namespace tokenry::split {
namespace {

// One flag byte for each ASCII character, looked up 64 at a time.
enum Flag : std::uint8_t {
    kFlagUpper = 1, kFlagLower = 2, kFlagNumber = 4, kFlagSpace = 8,
    kFlagNewline = 16, kFlagBlank = 32, kFlagApostrophe = 64, kFlagSlash = 128,
    kFlagCaseless = 16, kFlagMark = 32  // in the table of wide characters
};

constexpr std::array<std::uint8_t, 128> flag_table() {
    std::array<std::uint8_t, 128> flags{};
    for (unsigned c = 0; c < 128; ++c) {
        if (c >= 'A' && c <= 'Z') flags[c] |= kFlagUpper;
        if (c >= 'a' && c <= 'z') flags[c] |= kFlagLower;
        if (c >= '0' && c <= '9') flags[c] |= kFlagNumber;
        if (c == ' ' || (c >= '\t' && c <= '\r')) flags[c] |= kFlagSpace;
        if (c == '\n' || c == '\r') flags[c] |= kFlagNewline;
        if (c == ' ') flags[c] |= kFlagBlank;
        if (c == '\'') flags[c] |= kFlagApostrophe;
        if (c == '/') flags[c] |= kFlagSlash;
    }
    return flags;
}

alignas(64) constexpr std::array<std::uint8_t, 128> kFlags = flag_table();

// The same for U+0000..U+FFFF, 64 KB of which a text uses the few lines of its scripts; three bytes
// more, because a gather reads four. Copied block by block: clang makes no constant of what takes
// more than a million steps.
constexpr std::array<std::uint8_t, 0x10003> basic_flag_table() {
    constexpr std::uint8_t kFlagOf[kGroups] = {0,        kFlagUpper,  kFlagLower, kFlagCaseless,
                                               kFlagMark, kFlagNumber, kFlagSpace};
    auto records = unicode::expand<unicode::kRecords, std::uint8_t>(unicode::kRecordRuns);
    for (std::uint8_t& record : records)
        record = kFlagOf[kGroupOf[record & unicode::kCategoryBits]];
    const auto blocks = unicode::expand<unicode::kCodePoints / unicode::kBlock, std::uint16_t>(
        unicode::kBlockRuns);
    std::array<std::uint8_t, 0x10003> flags{};
    std::uint8_t* to = flags.data();
    for (std::size_t block = 0; block < 0x10000 / unicode::kBlock; ++block) {
        const std::uint8_t* from = records.data() + blocks[block] * unicode::kBlock;
        for (std::size_t i = 0; i < unicode::kBlock; ++i) *to++ = *from++;
    }
    return flags;
}

constexpr std::array<std::uint8_t, 0x10003> kBasicFlags = basic_flag_table();

struct Avx512 : Avx512Blocks {
    static Bits classify(Block block, Masks& masks) {
        const Bits wide = _mm512_movepi8_mask(block);
        __m512i flags = _mm512_permutex2var_epi8(_mm512_load_si512(kFlags.data()), block,
                                                 _mm512_load_si512(kFlags.data() + 64));
        if (wide) flags = _mm512_maskz_mov_epi8(~wide, flags);
        masks.upper = has(flags, kFlagUpper);
        masks.lower = has(flags, kFlagLower);
        masks.number = has(flags, kFlagNumber);
        masks.space = has(flags, kFlagSpace);
        masks.newline = has(flags, kFlagNewline);
        masks.blank = has(flags, kFlagBlank);
        masks.apostrophe = has(flags, kFlagApostrophe);
        masks.slash = has(flags, kFlagSlash);
        masks.caseless = masks.mark = 0;
        masks.lead = ~Bits{0};
        return wide;
    }

    // Classifies characters of two and three bytes, or ideographs; returns the bytes it left out.
    template <bool kOnlyIdeographs>
    static Bits add_wide(Block block, Masks& masks, Bits wide) {
        const Bits continuing = wide & ~at_least(block, 0xC0);
        wide = add_ideographs(block, masks, wide, continuing);
        if constexpr (kOnlyIdeographs) return wide;
        const Bits pairs = at_least(block, 0xC2) & ~at_least(block, 0xE0) & continuing >> 1;
        const Bits upper_half = at_least(block, 0xA0);  // of the continuation bytes
        const Bits overlong = equal(block, 0xE0) & ~(upper_half >> 1);
        const Bits surrogates = equal(block, 0xED) & upper_half >> 1;
        const Bits triples = at_least(block, 0xE0) & ~at_least(block, 0xF0) & wide &
                             ~(overlong | surrogates) & continuing >> 1 & continuing >> 2;
        if (std::popcount(pairs | triples) <= kWalked) return wide;
        return add_basic(block, masks, wide, pairs, triples);
    }

    static Bits blanks(Block block) { return equal(block, ' '); }

private:
    // A gather costs as much as walking the tables for about this many characters.
    static constexpr int kWalked = 5;

    static Bits at_least(Block block, int byte) {
        return _mm512_cmpge_epu8_mask(block, _mm512_set1_epi8(static_cast<char>(byte)));
    }

    // U+4E00..U+9FFF, all of them letters without case: bytes E4 B8..BF xx and E5..E9 xx xx.
    static Bits add_ideographs(Block block, Masks& masks, Bits wide, Bits continuing) {
        const Bits above = at_least(block, 0xE5) & ~at_least(block, 0xEA);
        const Bits first = equal(block, 0xE4);
        if ((above | first) == 0) return wide;
        const Bits leads =
            (above | (first & at_least(block, 0xB8) >> 1)) & continuing >> 1 & continuing >> 2;
        const Bits tails = leads << 1 | leads << 2;
        masks.caseless |= leads | tails;
        masks.lead &= ~tails;
        return wide & ~(leads | tails);
    }

    // The leads `pairs` and `triples` are packed, their code points computed in 16-bit lanes, their
    // flags gathered, and those spread over the bytes of each character.
    static Bits add_basic(Block block, Masks& masks, Bits wide, Bits pairs, Bits triples) {
        const Bits leads = pairs | triples;
        const __m512i codes = code_points(block, leads);
        const unsigned count = static_cast<unsigned>(std::popcount(leads));
        __m256i gathered = _mm256_castsi128_si256(gather(_mm512_castsi512_si256(codes), count));
        if (count > 16) {
            const __m128i more = gather(_mm512_extracti64x4_epi64(codes, 1), count - 16);
            gathered = _mm256_inserti128_si256(gathered, more, 1);
        }
        const __m512i at_lead =
            _mm512_maskz_expand_epi8(leads, _mm512_castsi256_si512(gathered));
        const Bits second = leads << 1;
        const Bits third = triples << 2;
        __m512i flags = _mm512_mask_permutexvar_epi8(at_lead, second, shifted(-1), at_lead);
        flags = _mm512_mask_permutexvar_epi8(flags, third, shifted(-2), at_lead);
        masks.upper |= has(flags, kFlagUpper);
        masks.lower |= has(flags, kFlagLower);
        masks.number |= has(flags, kFlagNumber);
        masks.space |= has(flags, kFlagSpace);
        masks.caseless |= has(flags, kFlagCaseless);
        masks.mark |= has(flags, kFlagMark);
        masks.lead &= ~(second | third);
        return wide & ~(leads | second | third);
    }

    // Where each byte of a permutation comes from: `distance` bytes ahead.
    static Block shifted(int distance) {
        return _mm512_add_epi8(_mm512_load_si512(kIota.data()),
                               _mm512_set1_epi8(static_cast<char>(distance)));
    }

    // Code points of the sequences of two and three bytes at `leads`, in 16-bit lanes.
    static Block code_points(Block block, Bits leads) {
        const auto packed = [&](int distance) {
            const __m512i ahead = _mm512_permutexvar_epi8(shifted(distance), block);
            const __m512i dense = _mm512_maskz_compress_epi8(leads, ahead);
            return _mm512_cvtepu8_epi16(_mm512_castsi512_si256(dense));
        };
        const __m512i first = packed(0);
        const __m512i second = _mm512_and_si512(packed(1), _mm512_set1_epi16(0x3F));
        const __m512i third = _mm512_and_si512(packed(2), _mm512_set1_epi16(0x3F));
        const __m512i lead = _mm512_and_si512(first, _mm512_set1_epi16(0x1F));
        const __m512i two = _mm512_or_si512(_mm512_slli_epi16(lead, 6), second);
        const __m512i high = _mm512_or_si512(_mm512_slli_epi16(first, 12),
                                             _mm512_slli_epi16(second, 6));
        const __mmask32 is_three = _mm512_cmpge_epu16_mask(first, _mm512_set1_epi16(0xE0));
        return _mm512_mask_blend_epi16(is_three, two, _mm512_or_si512(high, third));
    }

    static __m128i gather(__m256i codes, unsigned count) {
        const auto lanes = static_cast<__mmask16>(below(count < 16 ? count : 16));
        const __m512i found = _mm512_mask_i32gather_epi32(
            _mm512_setzero_si512(), lanes, _mm512_cvtepu16_epi32(codes), kBasicFlags.data(), 1);
        return _mm512_cvtepi32_epi8(found);
    }

    static Bits has(Block flags, int flag) {
        return _mm512_test_epi8_mask(flags, _mm512_set1_epi8(static_cast<char>(flag)));
    }
};

}  // namespace

SplitFunction avx512_split(std::size_t row) { return find_split<Avx512>(row); }

}  // namespace tokenry::split
#endif
