#include "encode/wordpiece_segmenter.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/errors.hpp"
#include "base/interrupts.hpp"
#include "base/utf8.hpp"
#include "normalize/utf8.hpp"

namespace tokenry::encode {
WordPieceSegmenter::WordPieceSegmenter(std::span<const std::uint8_t> bytes,
                                       std::span<const std::uint64_t> offsets,
                                       std::string_view prefix, std::int64_t unknown,
                                       std::size_t longest_word,
                                       std::span<const std::uint32_t> spaced)
    : table_(bytes, offsets), unknown_(unknown), longest_word_(longest_word),
      spaced_(spaced.begin(), spaced.end()) {
    std::ranges::sort(spaced_);
    if (unknown < -1 || unknown >= std::int64_t(table_.size()))
        throw base::VocabularyError("the unknown id is " + std::to_string(unknown) +
                                    ", but there are " + std::to_string(table_.size()) + " pieces");
    std::vector<base::DoubleArray::Entry> starts, continuations;
    std::deque<std::string> spelt;  // pieces behind the prefix
    for (std::size_t id = 0; id < table_.size(); ++id) {
        const auto* bytes_of = reinterpret_cast<const char*>(table_.data(Id(id)));
        const std::string_view piece(bytes_of, table_.width(Id(id)));
        takes_whole_characters_ &= normalize::is_utf8(piece);
        if (starts_word(Id(id)) && piece.size() == 1) continue;  // of no word
        if (piece.empty()) continue;
        if (starts_word(Id(id))) {
            starts.push_back({piece.substr(1), std::uint32_t(id)});
        } else {
            continuations.push_back({piece, std::uint32_t(id)});
            starts.push_back({spelt.emplace_back(prefix).append(piece), std::uint32_t(id)});
        }
    }
    starts_ = base::DoubleArray::of_greatest(std::move(starts));
    continuations_ = base::DoubleArray::of_greatest(std::move(continuations));
}

bool WordPieceSegmenter::starts_word(Id id) const {
    return table_.width(id) > 0 && table_.data(id)[0] == ' ' && !std::ranges::binary_search(spaced_, id);
}

bool WordPieceSegmenter::too_long(const std::uint8_t* word, std::size_t size) const {
    if (size <= longest_word_) return false;
    std::size_t characters = 0;
    for (std::size_t at = 0; at < size && characters <= longest_word_; ++characters)
        at += base::character_size(word + at, size - at);
    return characters > longest_word_;
}

void WordPieceSegmenter::give_up(std::vector<Id>& ids, std::size_t first) const {
    ids.resize(first);
    if (unknown_ < 0)
        throw base::EncodeError("a word has no pieces, and this vocabulary has no unknown id");
    ids.push_back(Id(unknown_));
}

// Calls `put(id, end)` for each piece; false where some part has none.
template <class Put>
bool WordPieceSegmenter::match(const std::uint8_t* word, std::size_t size, Put put) const {
    if (too_long(word, size)) return false;
    base::Paced pace;
    for (std::size_t at = 0; at < size; pace.step()) {
        std::uint32_t id = 0;
        const auto& trie = at == 0 ? starts_ : continuations_;
        const auto length = trie.longest(word + at, size - at, id);
        if (length == 0) return false;
        at += length;
        put(id, at);
    }
    return true;
}

void WordPieceSegmenter::segment(const std::uint8_t* word, std::size_t size, Scratch&,
                                 std::vector<Id>& ids) const {
    const auto first = ids.size();
    if (!match(word, size, [&](Id id, std::size_t) { ids.push_back(id); })) give_up(ids, first);
}

void WordPieceSegmenter::segment_with_ends(const std::uint8_t* word, std::size_t size, Scratch&,
                                           std::vector<Id>& ids,
                                           std::vector<std::uint32_t>& ends) const {
    const auto first = ids.size(), first_end = ends.size();
    const auto put = [&](Id id, std::size_t end) {
        ids.push_back(id);
        ends.push_back(std::uint32_t(end));
    };
    if (match(word, size, put)) return;
    give_up(ids, first);
    ends.resize(first_end);
    ends.push_back(std::uint32_t(size));
}

std::uint32_t WordPieceSegmenter::width(Id id) const {
    if (std::int64_t(id) == unknown_) return 0;
    const auto width = table_.width(id);
    return starts_word(id) ? width - 1 : width;
}

}  // namespace tokenry::encode
