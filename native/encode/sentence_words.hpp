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
// reason. A run of unknown characters, which is one id in the text, becomes an id of no piece that
// tells their number: each of them counts. A text holds together if it has no id of no piece and the
// scores of its ids come to that sum at most.
// Of other texts scores are added up as the program does, and words that are not sure, or stand
// behind a larger sum, are searched again in their place; a word that does not stand alone sends its
// text another way.
//
// Of 200 kB that are known this takes half the time of the sentence as a whole (English 0.3, code 0.5
// ms for 0.6 and 1.4). New words are searched together (UnigramBatch).
class SentenceWords final : public Segmenter, public WordCutter, public WordJoiner {
public:
    // The program begins again at 0 behind 100,000. What is left between is for the scores of a word:
    // one in a hundred words stands there and is searched.
    static constexpr double most_sum = 99000;

    static bool fits(const UnigramSegmenter<SentencePieceScores>& inner);

    // The segmenter must outlive this.
    SentenceWords(const UnigramSegmenter<SentencePieceScores>& inner, const WordChanges& changes);

    std::unique_ptr<Scratch> make_scratch() const override { return inner_.make_scratch(); }
    void segment(const std::uint8_t* word, std::size_t size, Scratch& scratch,
                 std::vector<Id>& ids) const override;
    void segment_many(std::span<const Pretoken> words, Scratch& scratch, std::vector<Id>& ids,
                      std::uint32_t* counts) const override;
    Caching caching() const override {
        return {.ids_per_byte = changes_.growth() * inner_.caching().ids_per_byte, .cutter = this};
    }
    void cut(Pretoken word, Buffer<std::uint32_t>& ends) const override;
    const WordJoiner* joiner() const override { return this; }
    bool hold_together(std::span<const Id> ids) const override;
    std::optional<std::size_t> put_together(const Words& words, const Id* ids,
                                            const std::uint32_t* counts, float& sum, Scratch& scratch,
                                            std::vector<Id>& text) const override;
    const PieceTable& pieces() const override { return inner_.pieces(); }

private:
    Id not_sure() const { return inner_.run_of_unknown(0); }
    Id not_alone() const { return inner_.run_of_unknown(inner_.most_unknown + 1); }

    // What is segmented for a word, or nothing where it does not stand alone; `made` holds it.
    std::optional<std::string_view> normalized(Pretoken word, std::string& made) const;
    bool try_segment(std::string_view text, Scratch& scratch, std::vector<Id>& ids) const;
    void append(const Id* begin, const Id* end, std::vector<Id>& text) const;
    float behind(std::span<const Id> ids, float sum) const;
    void search(std::string_view text, float& sum, Scratch& scratch, std::vector<Id>& ids) const;
    template <class Use>
    bool each_part(std::string_view text, Use use) const;

    const UnigramSegmenter<SentencePieceScores>& inner_;
    WordChanges changes_;
    std::vector<float> scores_;      // by id; NaN where an id does not tell what it adds to the sum
    bool falls_;  // no score is above 0, so the sum is largest in magnitude at the end of a text
    std::vector<float> magnitudes_;  // by id; infinite of those, and of ids of no piece
};

}  // namespace tokenry::encode
