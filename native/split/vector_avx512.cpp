// The splitters on AVX-512 (BW, VBMI, VBMI2). See window.hpp.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // false alarms in the headers of GCC 12
#include <immintrin.h>

#include "split/families.hpp"

namespace tokenry {
namespace {

// One flag byte for each ASCII character, looked up 64 at a time.
enum Flag : std::uint8_t {
    kFlagUpper = 1, kFlagLower = 2, kFlagNumber = 4, kFlagSpace = 8,
    kFlagNewline = 16, kFlagBlank = 32, kFlagApostrophe = 64, kFlagSlash = 128
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

constexpr std::array<std::uint8_t, 64> iota_table() {
    std::array<std::uint8_t, 64> values{};
    for (unsigned i = 0; i < 64; ++i) values[i] = static_cast<std::uint8_t>(i);
    return values;
}

alignas(64) constexpr std::array<std::uint8_t, 64> kIota = iota_table();

struct Avx512 {
    using Block = __m512i;

    static Block load(Pointer text, unsigned size) {
        return _mm512_maskz_loadu_epi8(below(size), text);
    }

    static Bits classify(Block block, Masks& masks) {
        const Bits wide = _mm512_movepi8_mask(block);
        const __m512i flags = _mm512_maskz_permutex2var_epi8(
            ~wide, _mm512_load_si512(kFlags.data()), block, _mm512_load_si512(kFlags.data() + 64));
        const auto has = [&](std::uint8_t flag) -> Bits {
            return _mm512_test_epi8_mask(flags, _mm512_set1_epi8(static_cast<char>(flag)));
        };
        masks.upper = has(kFlagUpper);
        masks.lower = has(kFlagLower);
        masks.number = has(kFlagNumber);
        masks.space = has(kFlagSpace);
        masks.newline = has(kFlagNewline);
        masks.blank = has(kFlagBlank);
        masks.apostrophe = has(kFlagApostrophe);
        masks.slash = has(kFlagSlash);
        masks.caseless = masks.mark = 0;
        masks.lead = ~Bits{0};
        return wide;
    }

    // U+4E00..U+9FFF, all of them letters without case: bytes E4 B8..BF xx and E5..E9 xx xx.
    static Bits add_cjk(Block block, Masks& masks, Bits wide) {
        const auto at_least = [&](int byte) -> Bits {
            return _mm512_cmpge_epu8_mask(block, _mm512_set1_epi8(static_cast<char>(byte)));
        };
        const Bits above = at_least(0xE5) & ~at_least(0xEA);
        const Bits first = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8(static_cast<char>(0xE4)));
        if ((above | first) == 0) return wide;
        const Bits continuing = wide & ~at_least(0xC0);
        const Bits leads = (above | (first & at_least(0xB8) >> 1)) & continuing >> 1 & continuing >> 2;
        const Bits tails = leads << 1 | leads << 2;
        masks.caseless |= leads | tails;
        masks.lead &= ~tails;
        return wide & ~(leads | tails);
    }

    static void flatten(Bits cuts, std::uint32_t base, std::uint32_t* ends, std::size_t room) {
        const __m512i places = _mm512_maskz_compress_epi8(cuts, _mm512_load_si512(kIota.data()));
        const __m512i bases = _mm512_set1_epi32(static_cast<int>(base));
        const auto store = [&](__m128i sixteen, unsigned done) {
            const __m512i values = _mm512_add_epi32(_mm512_cvtepu8_epi32(sixteen), bases);
            const Bits lanes = room - done < 16 ? below(static_cast<unsigned>(room - done)) : 0xFFFF;
            _mm512_mask_storeu_epi32(ends + done, static_cast<__mmask16>(lanes), values);
        };
        const unsigned count = static_cast<unsigned>(std::popcount(cuts));
        store(_mm512_castsi512_si128(places), 0);
        if (count <= 16) return;
        store(_mm512_extracti32x4_epi32(places, 1), 16);
        if (count <= 32) return;
        store(_mm512_extracti32x4_epi32(places, 2), 32);
        if (count > 48) store(_mm512_extracti32x4_epi32(places, 3), 48);
    }
};

}  // namespace

SplitFunction avx512_split(Family family) { return find_split<Avx512>(family); }

}  // namespace tokenry
