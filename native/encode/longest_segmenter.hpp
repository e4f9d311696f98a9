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

    std::unique_ptr<Scratch> make_scratch() const override { return std::make_unique<Scratch>(); }
    // At most as many steps in the trie as the pretoken has bytes times the longest piece has.
    void segment(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                 std::vector<Id>& ids) const override;
    std::uint32_t width(Id id) const override { return table_.width(id); }
    // Walking the trie is as quick as looking a long word up.
    bool remembers() const override { return true; }
    const PieceTable* pieces() const override { return &table_; }

private:
    PieceTable table_;
    base::DoubleArray trie_;
};

}  // namespace tokenry::encode
