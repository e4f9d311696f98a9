// The vector instructions of this processor.
#pragma once
#include <cstdint>
#include <string_view>

namespace tokenry::base {

// The vector paths, narrowest first; "scalar" and "portable" run everywhere.
enum class Simd : std::uint8_t { scalar, portable, neon, avx2, avx512 };
inline constexpr Simd kSimds[] = {Simd::scalar, Simd::portable, Simd::neon, Simd::avx2, Simd::avx512};

std::string_view simd_name(Simd simd);

// The widest path that this processor has, or what TOKENRY_SIMD (one of their names) asks for
// if the processor has it. Read once.
Simd best_simd();
bool has_simd(Simd simd);

}  // namespace tokenry::base
