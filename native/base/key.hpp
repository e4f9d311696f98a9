// Keys and hashes of short byte strings.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/compiler.hpp"

#if defined(__SSE4_2__) || defined(TOKENRY_MSVC)
#include <nmmintrin.h>
#elif defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>
#endif

namespace tokenry::base {

// A string of at most 15 bytes and its length in one comparable value: the bytes, zeros, and the
// length in the last byte. All zeros, and whatever has a greater length, is the key of no string.
struct alignas(16) Key {
    static constexpr std::size_t longest = 15;
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    bool operator==(const Key& other) const = default;
    std::uint32_t size() const { return static_cast<std::uint32_t>(high >> 56); }
    bool is_too_long() const { return size() > longest; }
};

inline std::uint64_t load_u64(const std::uint8_t* bytes) {
    std::uint64_t value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

// Masks that keep the first n bytes of the two halves of a key.
struct KeyMask {
    std::uint64_t low, high;
};
struct KeyMasks {
    KeyMask of[16];
    constexpr KeyMasks() : of{} {
        for (unsigned n = 0; n < 16; ++n) {
            of[n].low = n >= 8 ? ~0ull : (1ull << (8 * n)) - 1;
            of[n].high = n <= 8 ? 0 : (1ull << (8 * (n - 8))) - 1;
        }
    }
};
inline constexpr KeyMasks key_masks;

// The caller guarantees that 16 bytes can be read.
inline Key key_of_padded(const std::uint8_t* bytes, std::size_t size) {
    const KeyMask mask = key_masks.of[size & 15];
    return {load_u64(bytes) & mask.low,
            (load_u64(bytes + 8) & mask.high) | (static_cast<std::uint64_t>(size) << 56)};
}

// The same where nothing behind the string may be read: loads that overlap cover it.
inline Key key_of(const std::uint8_t* bytes, std::size_t size) {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    if (size >= 8) {
        low = load_u64(bytes);
        if (size > 8) high = load_u64(bytes + size - 8) >> (8 * (16 - size));
    } else if (size >= 4) {
        std::uint32_t first, last;
        std::memcpy(&first, bytes, sizeof first);
        std::memcpy(&last, bytes + size - 4, sizeof last);
        low = first | static_cast<std::uint64_t>(last) << (8 * (size - 4));
    } else if (size > 0) {
        low = bytes[0] | static_cast<std::uint64_t>(bytes[size / 2]) << (8 * (size / 2)) |
              static_cast<std::uint64_t>(bytes[size - 1]) << (8 * (size - 1));
    }
    return {low, high | static_cast<std::uint64_t>(size) << 56};
}

// Whether a string of nine bytes or more goes on as its second byte, as a line break with spaces does.
inline bool is_run(const std::uint8_t* bytes, std::size_t size) {
    const std::uint64_t eight = 0x0101010101010101ull * bytes[1];
    for (std::size_t at = 1; at + 8 <= size; at += 8)
        if (load_u64(bytes + at) != eight) return false;
    return load_u64(bytes + size - 8) == eight;
}

// A key for it, however long. No other string has it, for its last byte is that of the empty one.
inline Key key_of_run(const std::uint8_t* bytes, std::size_t size) {
    return {bytes[0] | std::uint64_t{bytes[1]} << 8 | static_cast<std::uint64_t>(size) << 16, 0};
}

// One polynomial on both kinds of processors, so that tables are alike.
#if defined(__SSE4_2__) || defined(TOKENRY_MSVC)
inline std::uint64_t hash_step(std::uint64_t state, std::uint64_t value) {
    return _mm_crc32_u64(state, value);
}
#elif defined(__ARM_FEATURE_CRC32)
inline std::uint64_t hash_step(std::uint64_t state, std::uint64_t value) {
    return __crc32cd(static_cast<std::uint32_t>(state), value);
}
#else
inline std::uint64_t hash_step(std::uint64_t state, std::uint64_t value) {
    const std::uint64_t mixed = (state ^ value) * 0x9e3779b97f4a7c15ull;
    return (mixed ^ (mixed >> 32)) & 0xffffffffull;
}
#endif

// 32 bits; good in the low ones, which the tables use.
inline std::uint32_t hash_of(const Key& key) {
    return static_cast<std::uint32_t>(hash_step(hash_step(0, key.low), key.high));
}

// Whether two strings of the same size, at least 16 bytes, are equal.
inline bool equal_long(const std::uint8_t* a, const std::uint8_t* b, std::size_t size) {
    const auto differ = [&](std::size_t at) {
        return (load_u64(a + at) ^ load_u64(b + at)) | (load_u64(a + at + 8) ^ load_u64(b + at + 8));
    };
    for (std::size_t at = 0; at + 16 < size; at += 16)
        if (differ(at)) return false;
    return differ(size - 16) == 0;
}

// 32 bits of a string of any size.
inline std::uint32_t hash_of(const std::uint8_t* bytes, std::size_t size) {
    std::uint64_t state = size;
    for (; size >= 8; bytes += 8, size -= 8) state = hash_step(state, load_u64(bytes));
    std::uint64_t rest = 0;
    std::memcpy(&rest, bytes, size);
    return static_cast<std::uint32_t>(hash_step(state, rest));
}

}  // namespace tokenry::base
