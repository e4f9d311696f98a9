#include "encode/wordpiece_segmenter.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/errors.hpp"
#include "base/interrupts.hpp"
#include "base/utf8.hpp"
#include "normalize/utf8.hpp"

namespace tokenry::encode {
namespace {

struct WordPieceScratch final : Scratch {
    std::vector<base::Key> keys;
    std::vector<std::uint32_t> hashes;
};

}  // namespace

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
    if (longest_word >= base::Key::longest) index_wholes(prefix);
}

// A word that is a piece is found with one look where the trie takes one a byte. A word that may be
// spelt with the prefix is left to the trie.
void WordPieceSegmenter::index_wholes(std::string_view prefix) {
    if (prefix.empty()) return;
    prefixed_ = static_cast<std::uint8_t>(prefix[0]);
    wholes_.emplace(table_, table_.size());
    for (std::size_t id = table_.size(); id-- > 0;)  // of equal pieces the last
        if (starts_word(Id(id)) && table_.width(Id(id)) <= base::Key::longest) wholes_->add(Id(id));
}

// That of a word behind a space; one that no piece has where it is too long for a key.
base::Key WordPieceSegmenter::whole_key(Pretoken word) const {
    if (word.size == 0 || word.size >= base::Key::longest || *word.text == prefixed_) return {};
    const base::Key key = base::key_of(word.text, word.size);
    const std::uint64_t size = std::uint64_t{word.size + 1} << 56;
    return {key.low << 8 | ' ', key.high << 8 | key.low >> 56 | size};
}

std::unique_ptr<Scratch> WordPieceSegmenter::make_scratch() const {
    return std::make_unique<WordPieceScratch>();
}

// In steps that each ask for the memory of the next.
void WordPieceSegmenter::segment_many(std::span<const Pretoken> pretokens, Scratch& scratch,
                                      std::vector<Id>& ids, std::uint32_t* counts) const {
    if (!wholes_) return Segmenter::segment_many(pretokens, scratch, ids, counts);
    auto& own = static_cast<WordPieceScratch&>(scratch);
    own.keys.resize(std::max(own.keys.size(), pretokens.size()));
    own.hashes.resize(own.keys.size());
    for (std::size_t i = 0; i < pretokens.size(); ++i) {
        own.keys[i] = whole_key(pretokens[i]);
        own.hashes[i] = base::hash_of(own.keys[i]);
        wholes_->prefetch(own.hashes[i]);
    }
    for (std::size_t i = 0; i < pretokens.size(); ++i) wholes_->prefetch_key(own.hashes[i]);
    for (std::size_t i = 0; i < pretokens.size(); ++i) {
        const std::size_t before = ids.size();
        const Id id = wholes_->find(own.keys[i], own.hashes[i]);
        if (id != no_id) ids.push_back(id);
        else segment(pretokens[i].text, pretokens[i].size, scratch, ids);
        counts[i] = static_cast<std::uint32_t>(ids.size() - before);
    }
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
