// Whole words of sentences (SentencePiece's word model: Kudo and Richardson 2018, arXiv:1808.06226).
#pragma once
#include <array>
#include <cstdint>
#include <span>

#include "encode/piece_index.hpp"
#include "encode/piece_table.hpp"
#include "encode/segmenter.hpp"
#include "encode/span_finder.hpp"

namespace tokenry::encode {

// A word begins at a space and goes to the next one. One without a piece becomes its bytes where each of
// them has an id, else unknown; neighbouring unknown words are one id.
class WholeWordsSegmenter final : public Segmenter, public SpanFinder {
public:
    // Piece i is bytes[offsets[i], offsets[i + 1]); an empty one matches nothing, of equal ones the last
    // counts. `unknown` and the ids of bytes may be -1. Throws VocabularyError on ids that do not fit.
    WholeWordsSegmenter(std::span<const std::uint8_t> bytes, std::span<const std::uint64_t> offsets,
                        std::int64_t unknown, const std::array<std::int64_t, 256>& byte_ids);

    void segment(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                 std::vector<Id>& ids) const override;
    void segment_with_ends(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                           std::vector<Id>& ids, std::vector<std::uint32_t>& ends) const override;
    std::uint32_t width(Id id) const override {
        return std::int64_t(id) == unknown_ ? 0 : table_.width(id);
    }
    const SpanFinder* spans() const override { return this; }
    const PieceTable& pieces() const override { return table_; }

private:
    template <class Put>
    void each(const std::uint8_t* text, std::size_t size, Put put) const;

    PieceTable table_;
    std::int64_t unknown_;
    std::array<std::int64_t, 256> byte_ids_;
    bool falls_back_;
    PieceIndex words_;
};

}  // namespace tokenry::encode
