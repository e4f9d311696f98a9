// Expectation, best segmentation and the loss of pieces under a Unigram model (Kudo 2018,
// arXiv:1804.10959), over distinct words weighted by their counts.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "base/double_array.hpp"
#include "learn/unigram_words.hpp"

namespace tokenry::learn {

// A lattice has an arc for each piece that matches at the start of a character. A character
// without a piece of its own gets an arc that stands for its bytes.
class UnigramLattices {
public:
    static constexpr std::size_t kBytes = 256;

    // `pause` is called now and then, from the thread that calls; what it throws ends the call.
    UnigramLattices(const UnigramWords& words, unsigned threads, std::function<void()> pause);

    // Pieces 0 to 255 are the single bytes. Of these only ASCII matches text; the others are
    // reached through the characters that they spell.
    void set_pieces(const std::vector<std::string_view>& pieces);
    std::size_t size() const { return sizes_.size(); }

    struct Expectation {
        std::vector<double> counts;
        double log_likelihood;
    };
    // Forward-backward: how often each piece is expected in running text, given the logarithm of
    // each piece's probability. Sums are of fixed point numbers, so that they do not depend on
    // which thread saw what.
    Expectation expect(std::span<const double> scores) const;

    // How often each piece stands in the best segmentation of running text.
    std::vector<std::uint64_t> best(std::span<const double> scores) const;

    // How much log-likelihood is lost when a piece goes and the best other segmentation of its
    // bytes takes its place, given the counts of all pieces; 0 for bytes.
    std::vector<double> losses(std::span<const double> scores,
                               std::span<const double> counts) const;

private:
    struct Arc {
        std::uint32_t from, to, id;
    };
    struct Scratch;

    template <class Take>
    void arcs(const std::uint8_t* text, std::size_t size, std::size_t at, Take take) const;
    template <class Visit>
    void each_block(Visit visit) const;
    void forward(const std::uint8_t* text, std::size_t size, std::span<const double> chances,
                 Scratch& scratch) const;
    void backward(const std::uint8_t* text, std::size_t size, std::span<const double> chances,
                  double count, Scratch& scratch) const;
    double expect_word(std::size_t word, std::span<const double> chances, Scratch& scratch) const;
    static double chance_of(const std::uint8_t* text, std::size_t from, std::size_t to, std::uint32_t id,
                            std::span<const double> chances);
    void add(const std::uint8_t* text, const Arc& arc, double count, Scratch& scratch) const;
    void search(const std::uint8_t* text, std::size_t size, std::span<const double> scores,
                std::uint32_t without, Scratch& scratch) const;
    double loss(std::uint32_t id, double sum, std::span<const double> scores,
                std::span<const double> counts, Scratch& scratch) const;

    const UnigramWords& words_;
    unsigned threads_;
    std::function<void()> pause_;
    std::vector<std::size_t> blocks_;  // first word of each, and the number of words
    double scale_;                     // of fixed point numbers
    std::vector<std::uint8_t> bytes_;  // of pieces
    std::vector<std::size_t> offsets_;
    std::vector<std::uint32_t> sizes_;
    base::DoubleArray trie_;
};

}  // namespace tokenry::learn
