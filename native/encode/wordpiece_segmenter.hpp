// WordPiece: the longest piece at the front, again and again (Wu et al. 2016, arXiv:1609.08144).
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/double_array.hpp"
#include "encode/piece_index.hpp"
#include "encode/piece_table.hpp"
#include "encode/segmenter.hpp"
#include "encode/span_finder.hpp"

namespace tokenry::encode {

class WordPieceSegmenter final : public Segmenter, public SpanFinder {
public:
    // Piece i is bytes[offsets[i], offsets[i + 1]). A leading space marks a piece that starts a
    // word; the words that are segmented come without that space. All others continue a word, and
    // also match at its start behind `prefix` spelt out, as in the file. A word of more than
    // `longest_word` characters, or with a part that no piece matches, becomes the one id
    // `unknown`. Of equal pieces the last counts. The space of pieces in `spaced` marks nothing.
    WordPieceSegmenter(std::span<const std::uint8_t> bytes, std::span<const std::uint64_t> offsets,
                       std::string_view prefix, std::int64_t unknown, std::size_t longest_word,
                       std::span<const std::uint32_t> spaced);

    std::unique_ptr<Scratch> make_scratch() const override;
    void segment(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                 std::vector<Id>& ids) const override;
    // Looks words up among the pieces, many at once, before a trie walks through what is left.
    void segment_many(std::span<const Pretoken> pretokens, Scratch& scratch, std::vector<Id>& ids,
                      std::uint32_t* counts) const override;
    void segment_with_ends(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                           std::vector<Id>& ids, std::vector<std::uint32_t>& ends) const override;
    const SpanFinder* spans() const override { return this; }
    // Of the word, so without the space of a first piece.
    std::uint32_t width(Id id) const override;
    const PieceTable& pieces() const override { return table_; }
    // Whether all pieces are UTF-8, so that no id stands for part of a character.
    bool takes_whole_characters() const { return takes_whole_characters_; }

private:
    template <class Put>
    bool match(const std::uint8_t* word, std::size_t size, Put put) const;
    void index_wholes(std::string_view prefix);
    base::Key whole_key(Pretoken word) const;
    bool starts_word(Id id) const;
    bool too_long(const std::uint8_t* word, std::size_t size) const;
    void give_up(std::vector<Id>& ids, std::size_t first) const;

    PieceTable table_;
    std::optional<PieceIndex> wholes_;  // pieces that start a word, with their space
    int prefixed_ = -1;                 // a first byte of words that other pieces may match too
    base::DoubleArray starts_, continuations_;
    std::int64_t unknown_;
    std::size_t longest_word_;
    std::vector<Id> spaced_;  // ascending
    bool takes_whole_characters_ = true;
};

}  // namespace tokenry::encode
