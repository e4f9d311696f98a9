// Raw words of a sentence to ids that do not depend on what stands before them in it.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "encode/unigram_segmenter.hpp"
#include "encode/word_changes.hpp"
#include "encode/word_joiner.hpp"

namespace tokenry::encode {

// SentencePiece adds up scores over a whole sentence, in 32 bits, so a word has the same ids
// wherever it stands only where the sum before it is small enough for its margin (UnigramMargin).
// Here each word is held to the largest sum that a text may have: one that is not sure of its ids
// up to there becomes an id of no piece, and so does one that does not stand alone for another
// reason. A text holds together without such ids if the scores of its ids come to that sum at most.
// Where words are not sure, they are searched again in their place, behind the sum that the program
// has there; a word that does not stand alone sends its text another way.
class SentenceWords final : public Segmenter, public WordCutter, public WordJoiner {
public:
    // Bits of a sum that are too small to matter grow with it: this leaves 1 word in 500 unsure,
    // and admits about 4,000 bytes of English.
    static constexpr double most_sum = 16384;

    static bool fits(const UnigramSegmenter<SentencePieceScores>& inner);

    // The segmenter must outlive this.
    SentenceWords(const UnigramSegmenter<SentencePieceScores>& inner, const WordChanges& changes);

    std::unique_ptr<Scratch> make_scratch() const override { return inner_.make_scratch(); }
    void segment(const std::uint8_t* word, std::size_t size, Scratch& scratch,
                 std::vector<Id>& ids) const override;
    Caching caching() const override {
        return {.ids_per_byte = changes_.growth() * inner_.caching().ids_per_byte, .cutter = this};
    }
    void cut(Pretoken word, Buffer<std::uint32_t>& ends) const override;
    const WordJoiner* joiner() const override { return this; }
    bool hold_together(std::span<const Id> ids, std::size_t bytes) const override;
    bool put_together(const Words& words, const Id* ids, const std::uint32_t* counts,
                      Scratch& scratch, std::vector<Id>& text) const override;
    std::size_t longest_text() const override { return 16384; }
    const PieceTable& pieces() const override { return inner_.pieces(); }

private:
    Id not_sure() const { return static_cast<Id>(scores_.size()); }
    Id not_alone() const { return not_sure() + 1; }

    // What is segmented for a word, or nothing where it does not stand alone; `made` holds it.
    std::optional<std::string_view> normalized(Pretoken word, std::string& made) const;
    bool try_segment(std::string_view text, std::size_t raw, Scratch& scratch,
                     std::vector<Id>& ids) const;
    void search(std::string_view text, float& sum, Scratch& scratch, std::vector<Id>& ids) const;
    template <class Use>
    bool each_part(std::string_view text, Use use) const;

    const UnigramSegmenter<SentencePieceScores>& inner_;
    WordChanges changes_;
    std::vector<float> scores_;      // by id; NaN where an id does not tell what it adds to the sum
    std::vector<float> magnitudes_;  // by id, at most; infinite of ids of no piece
};

}  // namespace tokenry::encode
