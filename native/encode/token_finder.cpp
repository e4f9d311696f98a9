#include "encode/token_finder.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace tokenry::encode {
namespace {

std::vector<base::DoubleArray::Entry> numbered(const std::vector<std::string_view>& tokens) {
    std::vector<base::DoubleArray::Entry> entries;
    for (const std::string_view token : tokens)
        entries.push_back({token, static_cast<std::uint32_t>(entries.size())});
    return entries;
}

}  // namespace

TokenFinder::TokenFinder(const std::vector<std::string_view>& tokens, std::vector<Id> ids)
    : trie_(tokens.empty() ? base::DoubleArray() : base::DoubleArray(numbered(tokens))),
      ids_(std::move(ids)) {
    for (const std::string_view token : tokens) begins_[static_cast<std::uint8_t>(token[0])] = true;
    const auto first = std::find(begins_.begin(), begins_.end(), true);
    if (std::count(begins_.begin(), begins_.end(), true) == 1)
        only_beginning_ = static_cast<int>(first - begins_.begin());
}

// The first place from `from` on where a token may begin, or the end of the text.
std::size_t TokenFinder::candidate(Text text, std::size_t from) const {
    if (only_beginning_ >= 0 && from < text.size()) {
        const void* found = std::memchr(text.data() + from, only_beginning_, text.size() - from);
        return found == nullptr ? text.size()
                                : static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) -
                                                           text.data());
    }
    while (from < text.size() && !begins_[text[from]]) ++from;
    return from;
}

std::optional<TokenFinder::Found> TokenFinder::next(Text text, std::size_t from) const {
    for (std::size_t at = from; (at = candidate(text, at)) < text.size(); ++at) {
        std::uint32_t which = 0;
        const std::size_t size = trie_.longest(text.data() + at, text.size() - at, which);
        if (size > 0) return Found{at, at + size, ids_[which]};
    }
    return std::nullopt;
}

}  // namespace tokenry::encode
