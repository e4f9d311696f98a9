// Runs of symbols of a set, sixteen at a time.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "pattern/symbols.hpp"

#if defined(__SSSE3__)
#include <tmmintrin.h>
#endif

namespace tokenry::pattern {

class SymbolRun {
public:
    // Bytes behind the end of a run that may be read.
    static constexpr std::size_t kReads = 16;

    SymbolRun() = default;
    // Symbols from 128 on are taken as if they were not in the set: they end a run early.
    explicit SymbolRun(const SymbolSet& members) {
        for (std::size_t symbol = 0; symbol < 128; ++symbol)
            if (members[symbol]) columns_[symbol % 16] |= std::uint8_t{1} << (symbol / 16);
    }

    // The first symbol from `at` on that ends the run; one that is not in the set must come.
    const Symbol* end(const Symbol* at) const {
#if defined(__SSSE3__)
        const __m128i columns = _mm_load_si128(reinterpret_cast<const __m128i*>(columns_.data()));
        const __m128i rows = _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
        const __m128i low = _mm_set1_epi8(15);
        for (;; at += 16) {
            const __m128i symbols = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
            const __m128i row = _mm_and_si128(_mm_srli_epi16(symbols, 4), low);
            const __m128i found = _mm_and_si128(_mm_shuffle_epi8(columns, symbols),
                                                _mm_shuffle_epi8(rows, row));
            const int outside = _mm_movemask_epi8(_mm_cmpeq_epi8(found, _mm_setzero_si128()));
            if (outside != 0) return at + std::countr_zero(static_cast<unsigned>(outside));
        }
#else
        while (*at < 128 && (columns_[*at % 16] >> (*at / 16) & 1) != 0) ++at;
        return at;
#endif
    }

private:
    alignas(16) std::array<std::uint8_t, 16> columns_{};  // by the low half; a bit for each high half
};

}  // namespace tokenry::pattern
