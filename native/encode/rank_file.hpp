// The lines `base64 rank` of a tiktoken file.
#pragma once
#include <cstdint>
#include <span>

#include "base/buffer.hpp"

namespace tokenry::encode {

using base::Buffer;

struct RankFile {
    Buffer<std::uint8_t> pieces;     // one after another, in the order of the lines
    Buffer<std::uint64_t> offsets;   // piece i is pieces[offsets[i], offsets[i + 1])
    Buffer<std::uint32_t> ranks;
};

// Reads a file in which all is as it should be: padded base64 of a piece of at most 48 kB, a space,
// a rank below 2^31 of at most ten digits, the end of the line; no piece twice. False for any
// other; what is wrong, and in which line, is for the reader in Python to say.
bool read_rank_file(std::span<const std::uint8_t> data, RankFile& file);

}  // namespace tokenry::encode
