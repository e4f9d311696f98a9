// Windows of 64 bytes on NEON: what every splitter does with them.
//
// Byte i of a window stands in vector i % 4, so that the signs of four vectors shift into each other:
// 64 bits of a comparison take six instructions, where vectors in order take thirteen.
//
// This file has internal linkage and is included only by the files of its vector path.
#pragma once
#include <arm_neon.h>

#include <cstring>

#include "split/masks.hpp"

namespace tokenry::split {
namespace {

struct NeonBlocks {
    using Block = uint8x16x4_t;

    static Block load(Pointer text, unsigned size) {
        if (size == kWindow) return vld4q_u8(text);
        std::uint8_t copy[kWindow] = {};
        std::memcpy(copy, text, size);
        return vld4q_u8(copy);
    }
    static Bits wide(const Block& block) { return bits_of(block); }
    static Bits equal(const Block& block, int byte) {
        const uint8x16_t wanted = all(byte);
        return bits_where(block, [=](uint8x16_t bytes) { return vceqq_u8(bytes, wanted); });
    }
    // Unsigned: byte - first <= last - first.
    static Bits between(const Block& block, int first, int last) {
        return bits_where(block, [=](uint8x16_t bytes) { return within(bytes, first, last); });
    }
    static void flatten(Bits cuts, std::uint32_t base, std::uint32_t* ends, std::size_t room) {
        write_in_fours(cuts, base, ends, room);
    }

protected:
    static uint8x16_t all(int byte) { return vdupq_n_u8(static_cast<std::uint8_t>(byte)); }
    static uint8x16_t within(uint8x16_t bytes, int first, int last) {
        return vcleq_u8(vsubq_u8(bytes, all(first & 0xff)), all(last - first));
    }
    template <class Test>
    static Bits bits_where(const Block& block, Test test) {
        return bits_of({{test(block.val[0]), test(block.val[1]), test(block.val[2]), test(block.val[3])}});
    }
    // The signs of the bytes: of four neighbours into the upper half of a byte, then half by half.
    static Bits bits_of(const Block& block) {
        const uint8x16_t first = vsriq_n_u8(block.val[1], block.val[0], 1);
        const uint8x16_t second = vsriq_n_u8(block.val[3], block.val[2], 1);
        const uint8x16_t four = vsriq_n_u8(second, first, 2);
        const uint8x16_t twice = vsriq_n_u8(four, four, 4);
        const uint8x8_t bits = vshrn_n_u16(vreinterpretq_u16_u8(twice), 4);
        return vget_lane_u64(vreinterpret_u64_u8(bits), 0);
    }
};

}  // namespace
}  // namespace tokenry::split
