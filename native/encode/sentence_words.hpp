// Raw words of a sentence to ids that do not depend on what stands before them in it.
#pragma once
#include <vector>

#include "encode/unigram_segmenter.hpp"
#include "normalize/normalizer.hpp"

namespace tokenry {

// SentencePiece adds up scores over a whole sentence, in 32 bits, so a word has the same ids
// wherever it stands only where the sum before it is small enough for its margin (UnigramMargin).
// Here each word is held to the largest sum that a text may have: one that is not sure of its ids
// up to there, or does not stand alone for another reason, becomes an id that no text may hold.
// A text may if the scores of its ids come to that sum at most; most lines and paragraphs do.
class SentenceWords final : public Segmenter {
public:
    // Bits of a sum that are too small to matter grow with it: this leaves 1 word in 1000 unsure,
    // and admits about 2,000 bytes of English.
    static constexpr double most_sum = 8192;

    static bool fits(const UnigramSegmenter<SentencePieceScores>& inner);

    // Both must outlive this; no normalizer: words stay as they are. `growth`: bytes that a byte of
    // a word becomes, at most.
    SentenceWords(const UnigramSegmenter<SentencePieceScores>& inner, const Normalizer* normalizer,
                 std::size_t growth);

    std::unique_ptr<Scratch> make_scratch() const override { return inner_.make_scratch(); }
    void segment(const std::uint8_t* word, std::size_t size, Scratch& scratch,
                 std::vector<Id>& ids) const override;
    std::size_t ids_per_byte() const override { return growth_ * inner_.ids_per_byte(); }
    bool hold_together(std::span<const Id> ids, std::size_t bytes) const override;
    std::size_t longest_text() const override { return 16384; }
    std::uint32_t width(Id) const override { return 0; }
    const PieceTable* pieces() const override { return inner_.pieces(); }

private:
    bool try_segment(std::string_view text, std::size_t raw, Scratch& scratch,
                     std::vector<Id>& ids) const;

    const UnigramSegmenter<SentencePieceScores>& inner_;
    const Normalizer* normalizer_;
    std::size_t growth_;
    std::vector<float> magnitudes_;  // by id; that of the id that no text may hold is infinite
};

}  // namespace tokenry
