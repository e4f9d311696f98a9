#include "encode/unigram_batch.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/compiler.hpp"
#include "base/vector4.hpp"

namespace tokenry::encode {

using base::Floats4;
using base::Ints4;

UnigramPieces::UnigramPieces(const base::DoubleArray& trie, std::span<const float> scores, float unknown) {
    constexpr std::size_t most_nodes = std::size_t{1} << (32 - UnigramNode::kLabelBits);
    const auto far = [](float score) { return std::abs(score) > kMostScore; };
    if (trie.size() > most_nodes || std::ranges::any_of(scores, far)) return;
    for (std::uint32_t at = 0; at < trie.size(); ++at)
        if (trie.label(at) == 0) return;
    nodes_.resize(trie.size());
    ids_.resize(trie.size());
    for (std::uint32_t at = 0; at < trie.size(); ++at) {
        const auto id = trie.value(at);
        const bool is_piece = id != base::DoubleArray::kNone;
        const auto score = is_piece ? scores[std::size_t(id)] : UnigramNode::kNoPiece;
        nodes_[at] = UnigramNode::of(trie.base(at), trie.label(at), score);
        ids_[at] = is_piece ? Id(id) : kUnknownPiece;
    }
    pairs_.assign(256 * 256, UnigramNode::dead());
    for (unsigned byte = 0; byte < 256; ++byte) {
        const auto first = trie.child(base::DoubleArray::kRoot, std::uint8_t(byte));
        firsts_[byte] = first;
        singles_[byte] = first ? nodes_[first].score() : UnigramNode::kNoPiece;
        const bool alone = byte > 0 && byte < 0x80 && singles_[byte] == UnigramNode::kNoPiece;
        if (alone && !far(unknown)) singles_[byte] = unknown;
        if (!first) continue;
        for (unsigned second = 0; second < 256; ++second)
            if (const auto pair = trie.child(first, std::uint8_t(second)))
                pairs_[byte << 8 | second] = nodes_[pair];
    }
}

bool UnigramBatch::add(std::string_view word) {
    if (used_ + word.size() + 1 > kMost) return false;
    std::ranges::copy(word, text_ + used_);
    used_ += word.size();
    words_.push_back({std::uint32_t(used_), 0});
    text_[used_++] = 0;
    return true;
}

void UnigramBatch::clear() {
    words_.clear();
    ids_.clear();
    used_ = 0;
}

void UnigramBatch::search(const UnigramPieces& pieces, float gap) {
    std::memset(text_ + used_, 0, kSpare);
    follow_four(pieces);
    ids_.resize(used_);
    std::size_t begin = 0, count = 0;
    for (auto& word : words_) {
        count += decide(pieces, begin, word.end, gap, ids_.data() + count);
        word.ids_end = std::uint32_t(count);
        begin = word.end + 1;
    }
    // Ids lie apart in memory, too: all of them are fetched together.
    for (std::size_t i = 0; i < count; ++i) ids_[i] = pieces.ids_[ids_[i]];
}

// Pieces of up to four bytes, from all places. A place that none goes on from goes on from a dead node.
void UnigramBatch::follow_four(const UnigramPieces& pieces) {
    const auto* const nodes = pieces.nodes_.data();
    const auto next = [&](UnigramNode node, std::size_t at) {
        const std::uint32_t place = node.base() ^ text_[at];
        base::prefetch(nodes + place);
        return place;
    };
    const auto used = used_;
    for (std::size_t i = 0; i < used; ++i) {
        const auto node = pieces.pairs_[std::size_t{text_[i]} << 8 | text_[i + 1]];
        scores_[i][0] = pieces.singles_[text_[i]];
        scores_[i][1] = node.score();
        thirds_[i] = next(node, i + 2);
    }
    for (std::size_t i = 0; i < used; ++i) {
        const auto found = nodes[thirds_[i]];
        const auto node = found.or_dead(found.is(text_[i + 2]));
        scores_[i][2] = node.score();
        fourths_[i] = next(node, i + 3);
    }
    std::size_t followed = 0;
    for (std::size_t i = 0; i < used; ++i) {
        const auto found = nodes[fourths_[i]];
        const auto node = found.or_dead(found.is(text_[i + 3]));
        scores_[i][3] = node.score();
        now_[i] = node.base();
        next(node, i + 4);
        matches_of_[i] = 0;
        followed_[followed] = std::uint16_t(i);
        followed += node.base() != 0;
    }
    follow_longer(pieces, followed);
}

void UnigramBatch::follow_longer(const UnigramPieces& pieces, std::size_t followed) {
    const auto* const nodes = pieces.nodes_.data();
    std::size_t count = 1;
    for (std::size_t width = kInVector; followed > 0; ++width) {
        if (matches_.size() < count + followed) matches_.resize(2 * (count + followed));
        std::size_t left = 0;
        for (std::size_t j = 0; j < followed; ++j) {
            const std::size_t i = followed_[j], at = i + width;
            const std::uint32_t place = now_[i] ^ text_[at];
            const auto node = nodes[place];
            const bool found = node.is(text_[at]);
            const bool is_piece = found & (node.score() != UnigramNode::kNoPiece);
            matches_[count] = {node.score(), place, std::uint16_t(at + 1), matches_of_[i]};
            matches_of_[i] = is_piece ? std::uint16_t(count) : matches_of_[i];
            count += is_piece;
            now_[i] = node.base();
            base::prefetch(nodes + (node.base() ^ text_[at + 1]));
            followed_[left] = std::uint16_t(i);
            left += found & (node.base() != 0);
        }
        followed = left;
    }
}

void UnigramBatch::offer_longer(std::size_t begin, std::size_t at, float before) {
    for (auto which = matches_of_[at]; which; which = matches_[which].next) {
        const auto& match = matches_[which];
        const auto score = match.score + before;
        const auto end = match.end - begin;
        auto& best = ways_.best[end];
        ways_.second[end] = std::max(ways_.second[end], std::min(score, best));
        const bool better = score > best;
        best = better ? score : best;
        ways_.width[end] = better ? std::int32_t(match.end - at) : ways_.width[end];
        ways_.node[end] = better ? match.node : ways_.node[end];
    }
}

// The best way to each place of text[begin, end); the number of its characters, or 0 where one of them
// has no piece or is none. The ways to the next four places are in vectors.
std::size_t UnigramBatch::search(std::size_t begin, std::size_t end) {
    constexpr float never = UnigramNode::kNoPiece;
    const Ints4 widths{1, 2, 3, 4};
    Floats4 best{never, never, never, never}, second = best;
    Ints4 width{};
    const auto size = end - begin;
    std::fill_n(ways_.best, size + kInVector + 1, never);
    std::fill_n(ways_.second, size + kInVector + 1, never);
    float before = 0;
    std::size_t characters = 0, bytes = 0;
    bool known = true;
    for (std::size_t i = 0; i < size; ++i) {
        const auto byte = text_[begin + i];
        if ((byte & 0xC0) != 0x80) {
            const auto more = std::size_t{byte >= 0xC0} + (byte >= 0xE0) + (byte >= 0xF0);
            known &= scores_[begin + i][more] != never;
            bytes += 1 + more;
            ++characters;
            const auto offered = base::load4(scores_[begin + i]) + before;
            second = base::greater(second, base::lesser(offered, best));
            width = base::chosen(offered > best, widths, width);
            best = base::greater(offered, best);
            offer_longer(begin, begin + i, before);
        }
        before = best[0];
        ways_.best[i + 1] = before;
        ways_.second[i + 1] = second[0];
        ways_.width[i + 1] = width[0];
        const auto next = i + 1 + kInVector;
        best = base::moved_down(best, ways_.best[next]);
        second = base::moved_down(second, ways_.second[next]);
        width = base::moved_down(width, ways_.width[next]);
    }
    return known && bytes == size && before > never / 2 ? characters : 0;
}

// Where the last piece of the best way to a place of a word ends in the trie.
std::uint32_t UnigramBatch::node_of(const UnigramPieces& pieces, std::size_t begin, std::size_t at) const {
    const auto width = std::size_t(ways_.width[at]);
    const auto from = begin + at - width;
    const auto first = pieces.firsts_[text_[from]];
    switch (width) {
        case 1: return first;
        case 2: return pieces.nodes_[first].base() ^ text_[from + 1];
        case 3: return thirds_[from];
        case 4: return fourths_[from];
        default: return ways_.node[at];
    }
}

// Writes the nodes of the best way through a word, if it is sure; returns how many.
std::size_t UnigramBatch::decide(const UnigramPieces& pieces, std::size_t begin, std::size_t end, float gap,
                                 Id* to) {
    const auto characters = search(begin, end);
    if (characters == 0) return 0;
    const auto least = gap * float(characters);
    std::size_t count = 0;
    for (auto at = end - begin; at > 0; at -= std::size_t(ways_.width[at])) {
        if (!(ways_.best[at] - ways_.second[at] > least)) return 0;
        to[count++] = node_of(pieces, begin, at);
    }
    std::reverse(to, to + count);
    return count;
}

}  // namespace tokenry::encode
