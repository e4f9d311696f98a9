// The symbols that patterns are matched over: classes of characters that no pattern tells apart.
#pragma once
#include <bitset>
#include <cstdint>

namespace tokenry::pattern {

using Symbol = std::uint8_t;

// What stands before a text and behind it.
inline constexpr Symbol kEdge = 0;
// The bytes of a character behind its first one: places in symbols are places in the text.
inline constexpr Symbol kInside = 1;
// From here on symbols stand for characters.
inline constexpr Symbol kFirstCharacter = 2;
inline constexpr std::size_t kMostSymbols = 256;

using SymbolSet = std::bitset<kMostSymbols>;

}  // namespace tokenry::pattern
