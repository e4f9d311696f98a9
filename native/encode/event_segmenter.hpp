// Segmentation by a log of events: PickyBPE (Chizhov et al. 2024, arXiv:2409.04599).
#pragma once
#include <cstdint>
#include <span>

#include "encode/event_table.hpp"
#include "encode/piece_table.hpp"
#include "encode/segmenter.hpp"

namespace tokenry::encode {

class EventSegmenter final : public Segmenter {
public:
    // Piece i is bytes[offsets[i], offsets[i + 1]); for the others see EventTable.
    EventSegmenter(std::span<const std::uint8_t> bytes, std::span<const std::uint64_t> offsets,
                   std::span<const Event> events, std::span<const std::int64_t> ids);

    std::unique_ptr<Scratch> make_scratch() const override;
    void segment(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                 std::vector<Id>& ids) const override;
    const PieceTable& pieces() const override { return pieces_; }

private:
    PieceTable pieces_;
    EventTable table_;
};

}  // namespace tokenry::encode
