#include "base/simd.hpp"

#include "base/compiler.hpp"

#include <cstdlib>

namespace tokenry::base {
namespace {

constexpr std::string_view kSimdNames[] = {"scalar", "portable", "neon", "avx2", "avx512"};

#if defined(TOKENRY_MSVC)
// Bits of EBX and ECX of leaf 7, and whether the system keeps these registers.
bool has_features(unsigned ebx, unsigned ecx, unsigned kept) {
    int found[4];
    __cpuidex(found, 7, 0);
    return (static_cast<unsigned>(found[1]) & ebx) == ebx && (static_cast<unsigned>(found[2]) & ecx) == ecx &&
           (_xgetbv(0) & kept) == kept;
}
bool has_avx2() { return has_features(1u << 5 | 1u << 8, 0, 0x06); }
bool has_avx512() {
    return has_features(1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31, 1u << 1 | 1u << 6, 0xe6);
}
#elif defined(TOKENRY_X86)
bool has_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"); }
bool has_avx512() {
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd") &&
           __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2");
}
#endif

Simd detect_simd() {
    const char* forced = std::getenv("TOKENRY_SIMD");
    for (const Simd simd : {Simd::avx512, Simd::avx2, Simd::neon, Simd::portable}) {
        if (has_simd(simd) && (forced == nullptr || simd_name(simd) == forced)) return simd;
    }
    return Simd::scalar;
}

}  // namespace

std::string_view simd_name(Simd simd) { return kSimdNames[static_cast<std::size_t>(simd)]; }

bool has_simd(Simd simd) {
#if defined(TOKENRY_X86)
    switch (simd) {
        case Simd::scalar:
        case Simd::portable: return true;
        case Simd::neon: return false;
        case Simd::avx2: return has_avx2();
        case Simd::avx512: return has_avx512();
    }
#elif defined(TOKENRY_ARM)
    return simd <= Simd::neon;
#endif
    return simd <= Simd::portable;
}

Simd best_simd() {
    static const Simd simd = detect_simd();
    return simd;
}

}  // namespace tokenry::base
