// The best segmentations of many short words at once.
//
// A search of one word waits for each node of the trie that it comes to, and most branches in it are
// taken or not by chance. Here the pieces that begin at any place of a few dozen words are followed
// together, a byte at a time: what all need next is asked for before the first of them is looked at, and
// whether a piece ends at a node is no branch, as nodes where none does have a score below all others.
// Pieces of two bytes come from a table. The scores of pieces of up to four bytes that begin at a place
// lie in one vector, so the search itself adds up, compares and moves four of them together.
//
// Sums are kept in 32 bits with no regard to what a program has added up before, so a word is only
// decided where at each place of its best way all others are worse by more than all that rounding may
// make of a word of so many characters; else it has no ids here. A character of one byte that has no piece
// is unknown, where that has a score; a word of any other such character is not decided.
// 1 word in 300 of English is not decided. A new word takes half the time that it takes alone.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/double_array.hpp"
#include "base/text.hpp"
#include "encode/unigram_lattice.hpp"

namespace tokenry::encode {

using base::Id;

// A node of a trie: where its children are and its label in the lower half, the score of its piece in the
// upper half.
struct UnigramNode {
    static constexpr float kNoPiece = -1e30f;
    static constexpr std::uint32_t kLabelBits = 9;
    static constexpr std::uint32_t kUnlabelled = 256;

    std::uint64_t bits;

    static constexpr UnigramNode of(std::uint32_t base, std::uint32_t label, float score) {
        return {std::uint64_t{std::bit_cast<std::uint32_t>(score)} << 32 | base << kLabelBits | label};
    }
    // Leads nowhere but to nodes without a label.
    static constexpr UnigramNode dead() { return of(0, kUnlabelled, kNoPiece); }
    float score() const { return std::bit_cast<float>(std::uint32_t(bits >> 32)); }
    std::uint32_t base() const { return std::uint32_t(bits) >> kLabelBits; }
    bool is(std::uint8_t label) const { return (bits & ((1u << kLabelBits) - 1)) == label; }
    UnigramNode or_dead(bool found) const { return {found ? bits : dead().bits}; }
};

// A model as batches read it.
class UnigramPieces {
public:
    UnigramPieces() = default;
    // `scores` by id, `unknown` of a character without a piece; none where that is far from zero. Empty
    // where a piece has a zero byte, which stands between words, or pieces are too many or scores far
    // from zero.
    UnigramPieces(const base::DoubleArray& trie, std::span<const float> scores,
                  float unknown = UnigramNode::kNoPiece);

    bool empty() const { return nodes_.empty(); }

private:
    friend class UnigramBatch;
    static constexpr float kMostScore = 30;

    std::vector<UnigramNode> nodes_;
    std::vector<Id> ids_;             // of the piece that ends at a node, or kUnknownPiece
    std::vector<UnigramNode> pairs_;  // that two bytes lead to, the first of them times 256
    std::uint32_t firsts_[256];       // which a byte leads to
    float singles_[256];              // scores of pieces of a byte, and of unknown ones
};

class UnigramBatch {
public:
    static constexpr std::size_t longest = 31;  // bytes of a word

    // Takes a word; false where the batch is full. One of no bytes is never decided.
    bool add(std::string_view word);
    // Decides what can be; `gap` is what rounding may make of a character.
    void search(const UnigramPieces& pieces, float gap);
    std::size_t size() const { return words_.size(); }
    // Of a word, once they were searched; none where it is not decided. kUnknownPiece is one character.
    std::span<const Id> ids(std::size_t word) const {
        const auto begin = word == 0 ? 0 : words_[word - 1].ids_end;
        return {ids_.data() + begin, words_[word].ids_end - begin};
    }
    void clear();

private:
    static constexpr std::size_t kMost = 512;     // bytes
    static constexpr std::size_t kSpare = 16;     // zeros behind all words, and numbers written for nothing
    static constexpr std::size_t kInVector = 4;   // longest piece whose score lies in a vector

    struct Word {
        std::uint32_t end;  // in the text, where a zero follows
        std::uint32_t ids_end;
    };
    // A longer piece.
    struct Match {
        float score;
        std::uint32_t node;
        std::uint16_t end;
        std::uint16_t next;  // of those that begin in one place; 0 is none
    };
    // The best way to a place of a word, by its last piece.
    struct Ways {
        float best[longest + kSpare], second[longest + kSpare];
        std::int32_t width[longest + kSpare];
        std::uint32_t node[longest + kSpare];  // of a longer piece
    };

    void follow_four(const UnigramPieces& pieces);
    void follow_longer(const UnigramPieces& pieces, std::size_t followed);
    std::size_t decide(const UnigramPieces& pieces, std::size_t begin, std::size_t end, float gap, Id* to);
    void offer_longer(std::size_t begin, std::size_t at, float before);
    std::size_t search(std::size_t begin, std::size_t end);
    std::uint32_t node_of(const UnigramPieces& pieces, std::size_t begin, std::size_t at) const;

    std::vector<Word> words_;
    std::vector<Id> ids_;
    std::size_t used_ = 0;
    std::uint8_t text_[kMost + kSpare];
    // Of the pieces that begin in each place.
    alignas(16) float scores_[kMost][kInVector];
    std::uint32_t thirds_[kMost], fourths_[kMost];  // nodes of three and four bytes
    std::uint32_t now_[kMost];                      // the base of the node that was come to
    std::uint16_t matches_of_[kMost];
    std::vector<Match> matches_;
    std::uint16_t followed_[kMost];  // places where longer pieces may begin
    Ways ways_{};
};

}  // namespace tokenry::encode
