// The state of byte-pair learning (Sennrich et al. 2016, arXiv 1508.07909): symbols, how often each
// pair of neighbours occurs, and where. Serves BPE over distinct words and SuperBPE over documents.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/text.hpp"
#include "learn/pair_map.hpp"

namespace tokenry::learn {

using base::Id;

// Bytes of the piece of each id.
struct Pieces {
    std::vector<std::uint8_t> bytes;
    std::vector<std::uint64_t> offsets{0};

    std::size_t count() const { return offsets.size() - 1; }
    std::size_t size(Id id) const { return offsets[id + 1] - offsets[id]; }
    std::string text(Id id) const;
    void append(const std::uint8_t* piece, std::size_t size);
};

// Stretches of symbols and how often each was seen. Merges never cross kBreak.
struct SymbolText {
    static constexpr Id kBreak = 0xFFFFFFFF;

    std::vector<Id> symbols{kBreak};        // starts and ends with kBreak
    std::vector<std::uint64_t> run_ends;    // positions [run_ends[i-1], run_ends[i]) ...
    std::vector<std::uint64_t> run_weights;  // ... were seen run_weights[i] times each
};

class PairIndex {
public:
    struct Pair {
        Id left, right;
        std::uint64_t count;
    };
    using Rule = std::function<bool(const std::uint8_t*, std::size_t)>;  // may this piece exist?
    // What given merges did, one after the other; see replay().
    struct Replay {
        std::uint64_t least;
        std::vector<std::uint32_t> steps;    // of each change: how many merges were done by then
        std::vector<Id> pairs;               // left and right of each change
        std::vector<std::uint64_t> counts;   // of the pair from then on; 0 for less than `least`
        std::vector<std::uint64_t> own;      // of each merge: how often its pair stood there
        std::vector<std::uint64_t> merged;   // and at how many places it was merged
    };

    // `expected`: how many merges will be asked for, a hint that sets how much is indexed.
    PairIndex(SymbolText text, Pieces pieces, std::uint64_t min_count, std::size_t max_bytes,
              std::size_t expected, Rule rule);
    PairIndex(const PairIndex&) = delete;
    PairIndex& operator=(const PairIndex&) = delete;

    // The pair with the highest count, the lowest (left, right) among equals; the order that
    // Hugging Face's BpeTrainer uses. A pair counts at every place where its two symbols are
    // neighbours, so "aaa" holds (a, a) twice. None when no pair reaches min_count.
    std::optional<Pair> best();
    // Merges the best pair everywhere, left to right; the id of the new piece. After best().
    Id merge_best();
    // Leaves the best pair unmerged for good. After best().
    void forbid_best();

    // The k best pairs, in the order in which best() would give them; fewer where there are fewer.
    std::vector<Pair> top(std::size_t k);
    // How often the pair occurs now. Cheap for pairs that are indexed, else one pass over the text.
    std::uint64_t count(Id left, Id right) const;
    // Merges a given pair everywhere, as merge_best() does; at how many places. The pair need not
    // occur: the new id is there all the same, so that several indexes can be kept in step.
    std::uint64_t merge(Id left, Id right);

    // Merges given pairs in order, as merge() does, and tells how often each pair of neighbours
    // occurs, at first and whenever that changes. Of pairs that never occur `least` times nothing.
    Replay replay(const Id* pairs, std::size_t merges, std::uint64_t least);

    const Pieces& pieces() const { return pieces_; }
    // The symbols as they stand, kBreak between stretches.
    std::vector<Id> symbols() const;
    std::size_t bytes() const;  // memory held

private:
    // Positions are those of the symbols at the start. A piece that covers several of them keeps
    // its id at the first and at the last, so both neighbours are one step away.
    using Position = std::uint32_t;
    static constexpr Id kInside = 0xFFFFFFFE;

    struct Record {
        std::uint64_t count = 0;
        Id left, right;
        std::uint32_t places = 0;
        std::unique_ptr<Position[]> positions;  // null: not indexed, or done with
    };
    struct Entry {  // of the heap; the count may be out of date, always too high
        std::uint64_t count, key;
        std::uint32_t record;
        bool operator<(const Entry& other) const {
            return count != other.count ? count < other.count : key > other.key;
        }
    };
    struct Neighbour {  // of the pair being merged, gathered by id
        std::uint64_t weight = 0;
        std::uint32_t places = 0;
        Position* cursor = nullptr;
    };
    struct Sketch {  // counts of pairs, several pairs to a cell, none above the limit
        std::vector<std::uint32_t> cells;
        unsigned shift;
        std::uint64_t limit;

        std::uint32_t& cell(std::uint64_t key) { return cells[PairMap::hash(key) >> shift]; }
        bool likely(std::uint64_t key) const { return cells[PairMap::hash(key) >> shift] >= limit; }
    };
    struct Place {
        Position at;
        Id before, after;
    };

    template <class Visit>
    void for_each_pair(Visit visit) const;
    std::uint64_t weight(Position at) const;
    bool allowed(Id left, Id right) const;
    void index();
    Sketch sketch() const;
    void count_likely(const Sketch& rough);
    std::uint32_t record_of(Id left, Id right);
    void allocate(std::uint32_t record);
    bool acceptable(const Record& record);
    std::uint64_t replace(Record pair);
    Id add_piece(Id left, Id right);
    bool complete(Id left, Id right) const;
    const Record* indexed(Id left, Id right) const;
    Record search(Id left, Id right) const;
    void apply(const Record& record, Id made);
    std::uint64_t tally();
    void settle(Id left, Id right, Id made);
    void subtract(Id left, Id right, std::uint64_t weight);
    void set_count(Record& record, std::uint64_t count);
    Position* open(Id left, Id right, const Neighbour& neighbour);
    void fill(Id made);

    SymbolText text_;
    std::vector<std::uint32_t> run_of_block_;  // run of the first position of each 64
    std::vector<std::uint32_t> width_;         // positions that an id covers
    Pieces pieces_;
    std::unordered_set<std::string> known_;
    std::unordered_set<std::uint64_t> forbidden_;
    std::uint64_t min_count_, floor_;  // pairs seen less than floor_ times are not indexed
    std::size_t max_bytes_;
    Rule rule_;

    std::vector<Record> records_;
    PairMap table_;
    std::vector<Entry> heap_;

    Replay* told_ = nullptr;     // of the replay under way
    std::vector<Place> places_;  // of the merge under way
    std::vector<Neighbour> before_, after_;
    std::vector<Id> befores_, afters_;
};

}  // namespace tokenry::learn
