// Sixteen bytes at a time: what SSE4.2 and NEON, which no processor of their kind lacks, both have.
// Elsewhere the same in plain C++.
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>

#include "base/compiler.hpp"

#if defined(__SSE4_2__) || defined(TOKENRY_MSVC)  // which names no instructions but AVX's
#define TOKENRY_SSE4 1
#include "base/intrinsics.hpp"
#elif defined(TOKENRY_ARM)
#define TOKENRY_NEON 1
#include <arm_neon.h>
#endif

namespace tokenry::base {

// A comparison gives bytes of all ones where it holds, else zeros.
#if defined(TOKENRY_SSE4)
struct Vector16 {
    __m128i bytes;

    static Vector16 load(const void* from) { return {_mm_loadu_si128(static_cast<const __m128i*>(from))}; }
    static Vector16 all(std::uint8_t byte) { return {_mm_set1_epi8(static_cast<char>(byte))}; }
    void store(void* to) const { _mm_storeu_si128(static_cast<__m128i*>(to), bytes); }

    friend Vector16 operator|(Vector16 a, Vector16 b) { return {_mm_or_si128(a.bytes, b.bytes)}; }
    friend Vector16 operator&(Vector16 a, Vector16 b) { return {_mm_and_si128(a.bytes, b.bytes)}; }
    friend Vector16 operator^(Vector16 a, Vector16 b) { return {_mm_xor_si128(a.bytes, b.bytes)}; }
    friend Vector16 operator==(Vector16 a, Vector16 b) { return {_mm_cmpeq_epi8(a.bytes, b.bytes)}; }
    // Unsigned: byte - first <= last - first.
    Vector16 within(std::uint8_t first, std::uint8_t last) const {
        const Vector16 distance = {_mm_sub_epi8(bytes, all(first).bytes)};
        const Vector16 width = all(static_cast<std::uint8_t>(last - first));
        return Vector16{_mm_min_epu8(distance.bytes, width.bytes)} == distance;
    }
    Vector16 high_halves() const { return Vector16{_mm_srli_epi16(bytes, 4)} & all(15); }
    // The bytes of `this` that the low halves of `at` name; 0 where `at` is above 127.
    Vector16 look_up(Vector16 at) const { return {_mm_shuffle_epi8(bytes, at.bytes)}; }
    // With the bytes of `other` where a comparison found something.
    Vector16 replaced(Vector16 found, Vector16 other) const {
        return {_mm_blendv_epi8(bytes, other.bytes, found.bytes)};
    }
    // Bit i: the sign of byte i.
    unsigned bits() const { return static_cast<unsigned>(_mm_movemask_epi8(bytes)); }
    // The place of the first byte that a comparison found; 16 where there is none.
    unsigned first() const { return static_cast<unsigned>(std::countr_zero(bits() | 0x10000)); }
};
#elif defined(TOKENRY_NEON)
struct Vector16 {
    uint8x16_t bytes;

    static Vector16 load(const void* from) { return {vld1q_u8(static_cast<const std::uint8_t*>(from))}; }
    static Vector16 all(std::uint8_t byte) { return {vdupq_n_u8(byte)}; }
    void store(void* to) const { vst1q_u8(static_cast<std::uint8_t*>(to), bytes); }

    friend Vector16 operator|(Vector16 a, Vector16 b) { return {vorrq_u8(a.bytes, b.bytes)}; }
    friend Vector16 operator&(Vector16 a, Vector16 b) { return {vandq_u8(a.bytes, b.bytes)}; }
    friend Vector16 operator^(Vector16 a, Vector16 b) { return {veorq_u8(a.bytes, b.bytes)}; }
    friend Vector16 operator==(Vector16 a, Vector16 b) { return {vceqq_u8(a.bytes, b.bytes)}; }
    Vector16 within(std::uint8_t first, std::uint8_t last) const {
        const Vector16 width = all(static_cast<std::uint8_t>(last - first));
        return {vcleq_u8(vsubq_u8(bytes, all(first).bytes), width.bytes)};
    }
    Vector16 high_halves() const { return {vshrq_n_u8(bytes, 4)}; }
    Vector16 look_up(Vector16 at) const { return {vqtbl1q_u8(bytes, vandq_u8(at.bytes, vdupq_n_u8(0x8f)))}; }
    Vector16 replaced(Vector16 found, Vector16 other) const {
        return {vbslq_u8(found.bytes, other.bytes, bytes)};
    }
    unsigned bits() const {
        const uint8x16_t places = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
        const uint8x16_t signs = vreinterpretq_u8_s8(vshrq_n_s8(vreinterpretq_s8_u8(bytes), 7));
        const uint8x16_t own = vandq_u8(signs, places);
        const uint8x8_t pairs = vpadd_u8(vget_low_u8(own), vget_high_u8(own));
        const uint8x8_t fours = vpadd_u8(pairs, pairs);
        return vget_lane_u16(vreinterpret_u16_u8(vpadd_u8(fours, fours)), 0);
    }
    unsigned first() const {  // four bits a byte
        const uint8x8_t halves = vshrn_n_u16(vreinterpretq_u16_u8(bytes), 4);
        const std::uint64_t found = vget_lane_u64(vreinterpret_u64_u8(halves), 0);
        return static_cast<unsigned>(std::countr_zero(found)) / 4;
    }
};
#else
struct Vector16 {
    std::uint8_t bytes[16];

    static Vector16 load(const void* from) {
        Vector16 loaded;
        std::memcpy(loaded.bytes, from, sizeof loaded.bytes);
        return loaded;
    }
    static Vector16 all(std::uint8_t byte) {
        return made([=](unsigned) { return byte; });
    }
    void store(void* to) const { std::memcpy(to, bytes, sizeof bytes); }

    friend Vector16 operator|(Vector16 a, Vector16 b) {
        return made([&](unsigned i) { return a.bytes[i] | b.bytes[i]; });
    }
    friend Vector16 operator&(Vector16 a, Vector16 b) {
        return made([&](unsigned i) { return a.bytes[i] & b.bytes[i]; });
    }
    friend Vector16 operator^(Vector16 a, Vector16 b) {
        return made([&](unsigned i) { return a.bytes[i] ^ b.bytes[i]; });
    }
    friend Vector16 operator==(Vector16 a, Vector16 b) {
        return made([&](unsigned i) { return a.bytes[i] == b.bytes[i] ? 0xff : 0; });
    }
    Vector16 within(std::uint8_t first, std::uint8_t last) const {
        return made([&](unsigned i) { return bytes[i] >= first && bytes[i] <= last ? 0xff : 0; });
    }
    Vector16 high_halves() const {
        return made([&](unsigned i) { return bytes[i] >> 4; });
    }
    Vector16 look_up(Vector16 at) const {
        return made([&](unsigned i) { return at.bytes[i] > 127 ? 0 : bytes[at.bytes[i] & 15]; });
    }
    Vector16 replaced(Vector16 found, Vector16 other) const {
        return made([&](unsigned i) { return found.bytes[i] ? other.bytes[i] : bytes[i]; });
    }
    unsigned bits() const {
        unsigned found = 0;
        for (unsigned i = 0; i < 16; ++i) found |= unsigned{bytes[i]} >> 7 << i;
        return found;
    }
    unsigned first() const { return static_cast<unsigned>(std::countr_zero(bits() | 0x10000)); }

private:
    template <typename Byte>
    static Vector16 made(Byte byte) {
        Vector16 vector;
        for (unsigned i = 0; i < 16; ++i) vector.bytes[i] = static_cast<std::uint8_t>(byte(i));
        return vector;
    }
};
#endif

}  // namespace tokenry::base
