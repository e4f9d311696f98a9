// The pieces of a SentencePiece model (Kudo and Richardson 2018): a protocol buffer's repeated field.
#pragma once
#include <cstddef>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "formats/token_names.hpp"

namespace tokenry::formats {

struct SentencePieces {
    Strings names;
    Buffer<float> scores;
    Buffer<std::uint8_t> types;  // as in the file: 1 to 6
    // Where all other fields of the file stand: begin and end of those that stand side by side.
    std::vector<std::pair<std::size_t, std::size_t>> rest;
};

// Reads a file in whose pieces all is as it should be: a name in UTF-8 of 1 to 7999 bytes, a finite
// score, a type. False for any other; what is wrong is for the reader in Python to say.
bool read_sentencepieces(base::Text data, SentencePieces& pieces);

}  // namespace tokenry::formats
