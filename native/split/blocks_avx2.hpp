// Windows of 64 bytes on AVX2: what every splitter does with them.
//
// This file has internal linkage and is included only by the files of its vector path.
#pragma once
#include <cstring>

#include "base/intrinsics.hpp"
#include "split/masks.hpp"

namespace tokenry::split {
namespace {

struct Avx2Blocks {
    struct Block {
        __m256i low, high;
    };

    static Block load(Pointer text, unsigned size) {
        if (size == kWindow) return load_window(text);
        alignas(32) std::uint8_t copy[kWindow] = {};
        std::memcpy(copy, text, size);
        return load_window(copy);
    }
    static Bits wide(Block block) { return bits_of(block); }
    static Bits equal(Block block, int byte) {
        const __m256i wanted = all(byte);
        return bits_of(
            {_mm256_cmpeq_epi8(block.low, wanted), _mm256_cmpeq_epi8(block.high, wanted)});
    }
    // Unsigned: byte - first <= last - first.
    static Bits between(Block block, int first, int last) {
        const __m256i width = all(last - first);
        const auto within = [&](__m256i bytes) {
            const __m256i distance = _mm256_sub_epi8(bytes, all(first));
            return _mm256_cmpeq_epi8(_mm256_min_epu8(distance, width), distance);
        };
        return bits_of({within(block.low), within(block.high)});
    }
    static void flatten(Bits cuts, std::uint32_t base, std::uint32_t* ends, std::size_t room) {
        write_in_fours(cuts, base, ends, room);
    }

protected:
    static __m256i all(int byte) { return _mm256_set1_epi8(static_cast<char>(byte)); }
    static Block load_window(Pointer text) {
        return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(text)),
                _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32))};
    }
    // The signs of the bytes.
    static Bits bits_of(Block block) {
        const auto low = static_cast<std::uint32_t>(_mm256_movemask_epi8(block.low));
        const auto high = static_cast<std::uint32_t>(_mm256_movemask_epi8(block.high));
        return low | Bits{high} << 32;
    }
};

}  // namespace
}  // namespace tokenry::split
