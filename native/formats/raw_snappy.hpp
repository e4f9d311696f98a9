// Snappy without frames, as Parquet's pages have it, a stretch at a time.
// Format: "Snappy compressed format description", Google 2011.
#pragma once
#include <cstddef>
#include <string>

#include "base/text.hpp"

namespace tokenry::formats {

// Appends what the whole elements at the start of `packed` stand for, and gives the bytes they took.
// `found` begins with what came before, which elements copy from; std::invalid_argument where they
// reach back beyond it. The length at the head of a stream is not looked at.
std::size_t unpack_snappy(base::Text packed, std::string& found);

}  // namespace tokenry::formats
