// The pieces of a SentencePiece model (Kudo and Richardson 2018): a protocol buffer's repeated field.
#pragma once
#include "base/text.hpp"
#include "formats/token_names.hpp"

namespace tokenry::formats {

struct SentencePieces {
    Strings names;
    Buffer<float> scores;
    Buffer<std::uint8_t> types;  // as in the file: 1 to 6
    Buffer<std::uint8_t> rest;   // all other fields of the file, as they stand
};

// Reads a file in whose pieces all is as it should be: a name in UTF-8 of 1 to 7999 bytes, a finite
// score, a type. False for any other; what is wrong is for the reader in Python to say.
bool read_sentencepieces(base::Text data, SentencePieces& pieces);

}  // namespace tokenry::formats
