// Greedy longest match with pieces of two kinds: those that start a pretoken and those that
// continue one.
#pragma once
#include <cstdint>
#include <span>

#include "base/double_array.hpp"
#include "encode/piece_table.hpp"
#include "encode/segmenter.hpp"

namespace tokenry::encode {

class ContinuationSegmenter final : public Segmenter {
public:
    // Piece i is bytes[offsets[i], offsets[i + 1]), empty where no text becomes that id; it
    // continues a pretoken where continues[i], else it starts one. Of equal pieces of a kind the
    // first counts. Throws VocabularyError where a byte has no piece of either kind.
    ContinuationSegmenter(std::span<const std::uint8_t> bytes,
                          std::span<const std::uint64_t> offsets, std::span<const bool> continues);

    // At most as many steps in the tries as the pretoken has bytes times the longest piece has.
    void segment(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                 std::vector<Id>& ids) const override;
    const PieceTable& pieces() const override { return table_; }

private:
    PieceTable table_;
    base::DoubleArray starting_, continuing_;
};

}  // namespace tokenry::encode
