// Extended grapheme clusters (Unicode Standard Annex 29), as far as charsmaps need them.
#pragma once
#include <cstddef>
#include <cstdint>

namespace tokenry::normalize {

// Bytes of the cluster at the beginning of valid, non-empty UTF-8.
std::size_t cluster_width(const std::uint8_t* text, std::size_t size);

}  // namespace tokenry::normalize
