// The two long parts of a tokenizer.json: the vocabulary of its model, and its merges.
#pragma once
#include <memory>
#include <vector>

#include "base/text.hpp"
#include "formats/token_names.hpp"

namespace tokenry::formats {

// A stretch of a text.
struct Stretch {
    std::size_t begin = 0, end = 0;
};

// `{"piece": id}`, or `[["piece", score]]` with a score for each id.
struct JsonVocabulary {
    Stretch place;
    std::unique_ptr<TokenNames> names;
    bool scored = false;
    Buffer<double> scores;
    std::vector<std::pair<std::size_t, Stretch>> odd_scores;  // ids, and literals left unread
};

// `["a b"]` or `[["a", "b"]]`: two strings a merge.
struct JsonMerges {
    Stretch place;
    Strings sides;
};

struct JsonModel {
    std::unique_ptr<JsonVocabulary> vocabulary;  // null where it was not read
    std::unique_ptr<JsonMerges> merges;
};

// Finds the sections `vocab` and `merges` of `model` and reads them where all in them is as it
// should be. One that is not, or that is there twice, is left out: the reader in Python takes it, or
// says what is wrong. Nothing else of the text is checked.
JsonModel read_json_model(base::Text text);

}  // namespace tokenry::formats
