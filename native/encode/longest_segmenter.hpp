// The longest piece at the front, again and again, over bytes: every byte has a piece.
#pragma once
#include <cstdint>
#include <span>

#include "base/double_array.hpp"
#include "encode/piece_table.hpp"
#include "encode/segmenter.hpp"

namespace tokenry::encode {

class LongestSegmenter final : public Segmenter {
public:
    // Piece i is bytes[offsets[i], offsets[i + 1]), empty where no text becomes that id. Of equal
    // pieces the first counts. Throws VocabularyError where a byte has no piece.
    LongestSegmenter(std::span<const std::uint8_t> bytes, std::span<const std::uint64_t> offsets);

    // At most as many steps in the trie as the pretoken has bytes times the longest piece has.
    void segment(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                 std::vector<Id>& ids) const override;
    // Walking the trie is as quick as looking a long word up.
    Caching caching() const override { return {.remembers = true}; }
    const PieceTable& pieces() const override { return table_; }

private:
    PieceTable table_;
    base::DoubleArray trie_;
};

}  // namespace tokenry::encode
