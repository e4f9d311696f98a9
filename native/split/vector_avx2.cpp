// The splitters on AVX2 and BMI2. See window.hpp.
#if defined(__x86_64__)
#include <immintrin.h>

#include <cstring>

#include "split/families.hpp"
#include "split/ideographs.hpp"

namespace tokenry {
namespace {

struct Avx2 {
    struct Block {
        __m256i low, high;
    };

    static Block load(Pointer text, unsigned size) {
        if (size == kWindow) return load_window(text);
        alignas(32) std::uint8_t copy[kWindow] = {};
        std::memcpy(copy, text, size);
        return load_window(copy);
    }

    static Bits classify(Block block, Masks& masks) {
        const Block folded = {_mm256_or_si256(block.low, _mm256_set1_epi8(0x20)),
                              _mm256_or_si256(block.high, _mm256_set1_epi8(0x20))};
        const Bits letters = between(folded, 'a', 'z');
        const Bits raised = bits_of(shifted(block, 2));  // 0x20, the bit of case, as the sign
        masks.lower = letters & raised;
        masks.upper = letters & ~raised;
        masks.number = between(block, '0', '9');
        masks.blank = equal(block, ' ');
        masks.space = between(block, '\t', '\r') | masks.blank;
        masks.newline = equal(block, '\n') | equal(block, '\r');
        masks.apostrophe = equal(block, '\'');
        masks.slash = equal(block, '/');
        masks.caseless = masks.mark = 0;
        masks.lead = ~Bits{0};
        return bits_of(block);
    }

    static Bits add_wide(Block block, Masks& masks, Bits wide) {
        return add_ideographs<Avx2>(block, masks, wide);
    }

    static void flatten(Bits cuts, std::uint32_t base, std::uint32_t* ends, std::size_t room) {
        const int count = std::popcount(cuts);
        if (room < kWindow) return write_each(cuts, base, ends);
        for (int done = 0; done < count; done += 4) {  // writes up to three too many
            for (int i = 0; i < 4; ++i) {
                ends[done + i] = base + lowest(cuts);
                cuts &= cuts - 1;
            }
        }
    }

    static Bits blanks(Block block) { return equal(block, ' '); }

    // Unsigned: byte - first <= last - first.
    static Bits between(Block block, char first, char last) {
        const __m256i from = _mm256_set1_epi8(first);
        const __m256i width = _mm256_set1_epi8(static_cast<char>(last - first));
        const auto within = [&](__m256i bytes) {
            const __m256i distance = _mm256_sub_epi8(bytes, from);
            return _mm256_cmpeq_epi8(_mm256_min_epu8(distance, width), distance);
        };
        return bits_of({within(block.low), within(block.high)});
    }

private:
    static Block load_window(Pointer text) {
        return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(text)),
                _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32))};
    }

    static Bits bits_of(Block block) {
        const auto low = static_cast<std::uint32_t>(_mm256_movemask_epi8(block.low));
        const auto high = static_cast<std::uint32_t>(_mm256_movemask_epi8(block.high));
        return low | Bits{high} << 32;
    }

    static Block shifted(Block block, int count) {
        return {_mm256_slli_epi16(block.low, count), _mm256_slli_epi16(block.high, count)};
    }

    static Bits equal(Block block, char byte) {
        const __m256i wanted = _mm256_set1_epi8(byte);
        return bits_of(
            {_mm256_cmpeq_epi8(block.low, wanted), _mm256_cmpeq_epi8(block.high, wanted)});
    }
};

}  // namespace

SplitFunction avx2_split(Family family) { return find_split<Avx2>(family); }

}  // namespace tokenry
#endif
