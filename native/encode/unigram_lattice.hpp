// Viterbi search for the best segmentation under a unigram model (Kudo 2018, arXiv:1804.10959).
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/double_array.hpp"
#include "base/interrupts.hpp"
#include "base/utf8.hpp"
#include "encode/segmenter.hpp"

namespace tokenry::encode {

// How a program adds up scores; equal or nearly equal sums are decided by it.
struct SentencePieceScores {
    using Score = float;
    // Beyond this running sum, sentencepiece 0.2.3 begins again at 0, so as not to lose bits.
    static constexpr Score kRestart = 100000.0f;
    // See UnigramMargin: no sum before a word is larger, and where none is, an addition is off by half
    // a unit in the last place of 2^16 at most. A little is left for the search for margins itself.
    static constexpr double kMostSum = double(kRestart);
    static constexpr double kRounding = 0x1.01p-8;
};
struct TransformersScores {
    using Score = double;
    static constexpr Score kRestart = std::numeric_limits<Score>::infinity();
    static constexpr double kMostSum = 0x1p30;
    static constexpr double kRounding = 0x1p-23;  // twice that of sums of 2^30
};

// Pieces with scores. A later piece wins over an earlier one only where its path is strictly
// better.
template <class Scores>
struct UnigramModel {
    using Score = typename Scores::Score;
    base::DoubleArray trie;
    std::vector<Score> scores;  // by id
    Score unknown_score = 0;    // of a character that no piece of its own matches
};

inline constexpr Id kUnknownPiece = 0xFFFFFFFFu;

struct UnigramStep {
    Id id;  // or kUnknownPiece: one character
    std::uint32_t end;
};

// The search over one stretch of text whose beginning and end no piece crosses.
template <class Scores>
class UnigramLattice {
public:
    using Score = typename Scores::Score;
    using Model = UnigramModel<Scores>;

    // Appends the best path, with ends relative to `text`, to `path`; `running` is the score of
    // all text before and becomes that of all text up to the end.
    void decode(const Model& model, const std::uint8_t* text, std::size_t size, Score& running,
                std::vector<UnigramStep>& path) {
        begin(running);
        std::size_t base = 0;
        base::Paced pace;
        for (std::size_t at = 0; at < size; pace.step()) {
            // Where no path leads beyond this place, all paths meet in it: what lies before is
            // decided, and memory stays small.
            if (at - base >= kFlush && frontier_ == at - base) {
                running = nodes_[frontier_].score;
                trace(base, path);
                base = at;
                begin(running);
            }
            at += advance(model, text + base, at - base, size - base);
        }
        running = nodes_[frontier_].score;
        trace(base, path);
    }

private:
    struct Node {
        Score score;
        std::uint32_t start;
        Id id;
    };
    static constexpr std::size_t kFlush = 256;
    static constexpr Score kUnreached = -std::numeric_limits<Score>::infinity();

    void begin(Score running) {
        if (nodes_.empty()) nodes_.resize(2 * kFlush);
        nodes_[0] = {running, 0, kUnknownPiece};
        frontier_ = 0;
    }

    Node& node(std::size_t at) {
        if (at > frontier_) {
            if (at >= nodes_.size()) nodes_.resize(2 * at);
            while (frontier_ < at) nodes_[++frontier_] = {kUnreached, 0, kUnknownPiece};
        }
        return nodes_[at];
    }

    void offer(std::size_t start, std::size_t end, Score score, Id id) {
        auto& target = node(end);
        if (score > target.score) target = {score, std::uint32_t(start), id};
    }

    // Follows all pieces that start at a place; returns the width of its character.
    std::size_t advance(const Model& model, const std::uint8_t* text, std::size_t start,
                        std::size_t size) {
        if (std::abs(nodes_[start].score) > Scores::kRestart) restart(start);
        const auto before = nodes_[start].score;
        const auto width = base::character_size(text + start, size - start);
        bool single = false;
        auto trie_node = base::DoubleArray::kRoot;
        for (auto at = start; at < size;) {
            trie_node = model.trie.child(trie_node, text[at++]);
            if (trie_node == base::DoubleArray::kRoot) break;
            const auto id = model.trie.value(trie_node);
            if (id == base::DoubleArray::kNone) continue;
            offer(start, at, model.scores[std::size_t(id)] + before, Id(id));
            single |= at - start == width;
        }
        if (!single) offer(start, start + width, model.unknown_score + before, kUnknownPiece);
        return width;
    }

    void restart(std::size_t start) {
        const auto offset = nodes_[start].score;
        for (auto at = start; at <= frontier_; ++at) nodes_[at].score -= offset;
    }

    void trace(std::size_t base, std::vector<UnigramStep>& path) {
        const auto first = path.size();
        for (auto at = frontier_; at > 0; at = nodes_[at].start)
            path.push_back({nodes_[at].id, std::uint32_t(base + at)});
        std::reverse(path.begin() + std::ptrdiff_t(first), path.end());
    }

    std::vector<Node> nodes_;
    std::size_t frontier_ = 0;
};

}  // namespace tokenry::encode
