// The leaves of a program as marks, with its names and spaces aside.
//
// A leaf is `[line [in | out number]] (word | kind number | broken)`; a number has up to two high
// digits and one low one. A name has one kind in a file, the strongest that any of its places
// shows, and a number in order of first use. Spaces and comments are foretold to be what last stood
// between the same two marks, a new line indented by as much more or less as then; only what is
// otherwise is written down.
#pragma once
#include <string>

#include "domains/code_words.hpp"

namespace tokenry::domains {

// Texts in a row and the size of each.
struct TextRow {
    std::string bytes;
    std::vector<std::int64_t> sizes;

    void add(std::string_view text) {
        bytes += text;
        sizes.push_back(static_cast<std::int64_t>(text.size()));
    }
};

struct Marked {
    std::vector<std::uint16_t> marks;
    std::vector<std::uint64_t> places;  // of each mark in the run
    std::string run;                    // what could not be parsed, and names where they are inline
    std::array<std::int64_t, kind_count> counts{};  // names of each kind
    TextRow names, gaps;
    std::vector<std::int64_t> skips;     // gaps as foretold before each that is not
    std::vector<std::int64_t> capitals;  // words in capitals
};

// Leaves ascend and lie in the file. Throws std::invalid_argument where there are 2^24 names of a
// kind.
Marked mark_program(base::Text data, const LeafRow& leaves, Language language, const CodeWords& words, bool inline_names);

}  // namespace tokenry::domains
