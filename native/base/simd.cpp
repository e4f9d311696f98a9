#include "base/simd.hpp"

#include <cstdlib>

namespace tokenry::base {
namespace {

constexpr std::string_view kSimdNames[] = {"scalar", "portable", "avx2", "avx512"};

Simd detect_simd() {
    const char* forced = std::getenv("TOKENRY_SIMD");
    for (const Simd simd : {Simd::avx512, Simd::avx2, Simd::portable}) {
        if (has_simd(simd) && (forced == nullptr || simd_name(simd) == forced)) return simd;
    }
    return Simd::scalar;
}

}  // namespace

std::string_view simd_name(Simd simd) { return kSimdNames[static_cast<std::size_t>(simd)]; }

bool has_simd(Simd simd) {
#if defined(__x86_64__)
    switch (simd) {
        case Simd::scalar:
        case Simd::portable: return true;
        case Simd::avx2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
        case Simd::avx512:
            return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                   __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd") &&
                   __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2");
    }
#endif
    return simd <= Simd::portable;
}

Simd best_simd() {
    static const Simd simd = detect_simd();
    return simd;
}

}  // namespace tokenry::base
