// Segmentation of runs of words by a log of events: BoundlessBPE (Schmidt et al. 2025,
// arXiv:2504.00178).
#pragma once
#include <cstdint>
#include <memory>
#include <span>

#include "encode/event_table.hpp"
#include "encode/piece_table.hpp"
#include "encode/segmenter.hpp"
#include "split/word_runs.hpp"

namespace tokenry::encode {

// A pretoken here is a run of words. Merges and deletions see each word alone, so what they make of
// it is remembered: its ids, and from which event to which it is one symbol. Two neighbours that
// are one symbol each at the time of a supermerge become one word, which only supermerges change.
class WordRunSegmenter final : public Segmenter {
public:
    // See EventSegmenter. `splitter` is the one that cut the pretokens.
    WordRunSegmenter(std::span<const std::uint8_t> bytes, std::span<const std::uint64_t> offsets,
                     std::span<const Event> events, std::span<const std::int64_t> ids,
                     std::unique_ptr<const split::WordRunSplitter> splitter);

    std::unique_ptr<Scratch> make_scratch() const override;
    void segment(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                 std::vector<Id>& ids) const override;
    const PieceTable& pieces() const override { return pieces_; }
    Caching caching() const override { return {.remembers = true}; }

private:
    class Run;

    PieceTable pieces_;
    EventTable table_;
    std::unique_ptr<const split::WordRunSplitter> splitter_;
};

}  // namespace tokenry::encode
