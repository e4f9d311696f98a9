// Whether the best segmentation of a word is the same wherever in a sentence the word stands.
//
// A program adds scores to the sum of all that came before in the sentence, so rounding differs
// from place to place, and where two segmentations of a word are nearly equal it decides between
// them. Here a word is searched once from 0 in double precision. At each place that the best path
// goes through, the gap to the second best way to get there is kept. A path of k pieces collects at
// most k rounding errors of u (|s| + a), where u is the unit roundoff, s the sum before the word
// and a the largest sum inside it, so the decision is safe while 2 k u (|s| + a) is below the gap.
#pragma once
#include <vector>

#include "encode/unigram_lattice.hpp"

namespace tokenry::encode {

template <class Scores>
class UnigramMargin {
public:
    using Score = typename Scores::Score;
    using Model = UnigramModel<Scores>;

    // Appends the best path to `path` and returns the largest magnitude of the sum before the word
    // with which a program surely finds it; negative where it never surely does.
    double decode(const Model& model, const std::uint8_t* text, std::size_t size,
                  std::vector<UnigramStep>& path) {
        nodes_.assign(size + 1, Node{});
        nodes_[0].score = 0;
        largest_ = 0;
        std::size_t characters = 0;
        for (std::size_t at = 0; at < size; ++characters) at += advance(model, text, at, size);
        const auto gap = trace(size, path);
        // half of what is safe, for the rounding of this search itself
        const auto limit = gap / (4.0 * double(characters) * kRoundoff);
        return std::min(limit, double(Scores::kRestart) - 1) - largest_;
    }

private:
    static constexpr double kInfinity = std::numeric_limits<double>::infinity();
    static constexpr double kRoundoff = std::numeric_limits<Score>::epsilon() / 2;

    struct Node {
        double score = -kInfinity, gap = kInfinity;
        std::uint32_t start = 0;
        Id id = kUnknownPiece;
    };

    void offer(std::size_t start, std::size_t end, double score, Id id) {
        auto& target = nodes_[end];
        const auto gap = std::abs(score - target.score);
        if (score > target.score) target = {score, gap, std::uint32_t(start), id};
        else target.gap = std::min(target.gap, gap);
        largest_ = std::max(largest_, std::abs(score));
    }

    std::size_t advance(const Model& model, const std::uint8_t* text, std::size_t start,
                        std::size_t size) {
        const auto before = nodes_[start].score;
        const auto width = base::character_size(text + start, size - start);
        bool single = false;
        auto node = base::DoubleArray::kRoot;
        for (auto at = start; at < size;) {
            node = model.trie.child(node, text[at++]);
            if (node == base::DoubleArray::kRoot) break;
            const auto id = model.trie.value(node);
            if (id == base::DoubleArray::kNone) continue;
            offer(start, at, double(model.scores[std::size_t(id)]) + before, Id(id));
            single |= at - start == width;
        }
        const auto unknown = double(model.unknown_score) + before;
        if (!single) offer(start, start + width, unknown, kUnknownPiece);
        return width;
    }

    double trace(std::size_t size, std::vector<UnigramStep>& path) {
        const auto first = path.size();
        auto gap = kInfinity;
        for (auto at = size; at > 0; at = nodes_[at].start) {
            path.push_back({nodes_[at].id, std::uint32_t(at)});
            gap = std::min(gap, nodes_[at].gap);
        }
        std::reverse(path.begin() + std::ptrdiff_t(first), path.end());
        return gap;
    }

    std::vector<Node> nodes_;
    double largest_ = 0;
};

}  // namespace tokenry::encode
