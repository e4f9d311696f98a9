#include "encode/wordpiece_segmenter.hpp"

#include <map>
#include <string>

#include "base/errors.hpp"
#include "base/interrupts.hpp"
#include "base/utf8.hpp"
#include "normalize/utf8.hpp"

namespace tokenry::encode {
namespace {

using Found = std::map<std::string, std::uint32_t>;

base::DoubleArray trie_of(const Found& found) {
    std::vector<base::DoubleArray::Entry> entries;
    for (const auto& [key, id] : found) entries.push_back({key, id});
    return base::DoubleArray(std::move(entries));
}

}  // namespace

WordPieceSegmenter::WordPieceSegmenter(std::span<const std::uint8_t> bytes,
                                       std::span<const std::uint64_t> offsets,
                                       std::string_view prefix, std::int64_t unknown,
                                       std::size_t longest_word)
    : table_(bytes, offsets), unknown_(unknown), longest_word_(longest_word) {
    if (unknown < -1 || unknown >= std::int64_t(table_.size()))
        throw base::VocabularyError("the unknown id is " + std::to_string(unknown) +
                                    ", but there are " + std::to_string(table_.size()) + " pieces");
    Found starts, continuations;
    for (std::size_t id = 0; id < table_.size(); ++id) {
        const auto* bytes_of = reinterpret_cast<const char*>(table_.data(Id(id)));
        const std::string piece(bytes_of, table_.width(Id(id)));
        takes_whole_characters_ &= normalize::is_utf8(piece);
        if (piece.empty() || piece == " ") continue;
        if (piece[0] == ' ') {
            starts[piece.substr(1)] = std::uint32_t(id);
        } else {
            continuations[piece] = std::uint32_t(id);
            starts[std::string(prefix) + piece] = std::uint32_t(id);
        }
    }
    starts_ = trie_of(starts);
    continuations_ = trie_of(continuations);
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
    return width && table_.data(id)[0] == ' ' ? width - 1 : width;
}

}  // namespace tokenry::encode
