// What compilers and processors call by different names.
#pragma once
#include <cstdint>

// Which vector paths there may be; in files for one of them the first thing that is asked.
#if defined(__x86_64__) || defined(_M_X64)
#define TOKENRY_X86 1
#elif defined(__aarch64__)
#define TOKENRY_ARM 1
#endif

#if defined(_MSC_VER) && !defined(__clang__)
#include <intrin.h>
#define TOKENRY_MSVC 1
#define TOKENRY_ALWAYS_INLINE __forceinline
#else
#define TOKENRY_ALWAYS_INLINE [[gnu::always_inline]] inline
#endif

namespace tokenry::base {

// Asks for the memory at `place` ahead of reading it.
inline void prefetch(const void* place) {
#if defined(TOKENRY_MSVC)
    _mm_prefetch(static_cast<const char*>(place), _MM_HINT_T0);
#else
    __builtin_prefetch(place);
#endif
}
inline void prefetch_to_write(void* place) {
#if defined(TOKENRY_MSVC)
    prefetch(place);
#else
    __builtin_prefetch(place, 1);
#endif
}

inline std::uint64_t reversed_bytes(std::uint64_t value) {
#if defined(TOKENRY_MSVC)
    return _byteswap_uint64(value);
#else
    return __builtin_bswap64(value);
#endif
}

// The two halves of a product, one over the other.
inline std::uint64_t folded_product(std::uint64_t a, std::uint64_t b) {
#if defined(TOKENRY_MSVC)
    std::uint64_t high;
    const std::uint64_t low = _umul128(a, b, &high);
    return low ^ high;
#else
    __extension__ using Product = unsigned __int128;
    const auto product = static_cast<Product>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
#endif
}

}  // namespace tokenry::base
