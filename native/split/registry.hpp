// Splitters by name.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "split/splitter.hpp"

namespace tokenry::split {

// The vector paths, narrowest first; "scalar" and "portable" run everywhere.
enum class Simd : std::uint8_t { scalar, portable, avx2, avx512 };
inline constexpr Simd kSimds[] = {Simd::scalar, Simd::portable, Simd::avx2, Simd::avx512};

std::string_view simd_name(Simd simd);

// The widest path that this processor has, or what TOKENRY_SIMD (one of their names) asks for
// if the processor has it. Read once.
Simd best_simd();
bool has_simd(Simd simd);

// Without those of word_runs.hpp, of which there is one for each of these.
std::vector<std::string> splitter_names();

// Null where no splitter has the name. "base+policy" is a base with another way to cut numbers (see
// numbers.hpp). A splitter without a path as wide as `simd` is given its
// widest one below.
std::unique_ptr<Splitter> make_splitter(std::string_view name, Simd simd = best_simd());

}  // namespace tokenry::split
