// Text goes in, ids come out.
#pragma once
#include <cstdint>
#include <span>

namespace tokenry::base {

using Text = std::span<const std::uint8_t>;  // any bytes are allowed
using Id = std::uint32_t;                    // of a piece

}  // namespace tokenry::base
