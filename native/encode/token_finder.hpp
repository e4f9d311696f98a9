// Finds given texts, such as specials, in others.
#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/double_array.hpp"
#include "base/text.hpp"

namespace tokenry::encode {

using base::Id;
using base::Text;

// Of those that begin at the first place where one does, the longest.
class TokenFinder {
public:
    // Throws std::invalid_argument for a token that is empty or stands there twice.
    TokenFinder(const std::vector<std::string_view>& tokens, std::vector<Id> ids);

    struct Found {
        std::size_t begin, end;
        Id id;
    };
    // The first token at or behind `from`.
    std::optional<Found> next(Text text, std::size_t from) const;

private:
    std::size_t candidate(Text text, std::size_t from) const;

    base::DoubleArray trie_;
    std::vector<Id> ids_;
    std::array<bool, 256> begins_{};
    int only_beginning_ = -1;  // the byte that all begin with; -1 for several
};

}  // namespace tokenry::encode
