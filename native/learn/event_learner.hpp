// Learns a log of merges, supermerges and deletions: PickyBPE (Chizhov et al. 2024, arXiv
// 2409.04599) and BoundlessBPE (Schmidt et al. 2025, arXiv 2504.00178).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "encode/event_table.hpp"
#include "learn/event_words.hpp"
#include "learn/unit_pairs.hpp"

namespace tokenry::learn {

struct EventOptions {
    double threshold;         // a piece goes when a merge used up this share of it; above 1 never
    std::uint64_t min_count;  // of a pair that is joined
    std::size_t max_bytes;    // of a piece
    std::size_t max_words;    // of a superword
};

class EventLearner {
public:
    struct Learnt {
        encode::Event event;
        std::uint64_t count;  // of the pair; of a deleted piece, how often it was left
    };

    // The first 256 symbols are the bytes that `alphabet` lists. With `units`, words are joined too.
    EventLearner(const std::array<std::uint8_t, 256>& alphabet, EventWords words,
                 std::optional<UnitPairs> units, const EventOptions& options);

    // One merge or supermerge, and the deletions that it calls for; false when no pair is left.
    bool step(std::vector<Learnt>& log);
    std::size_t present() const { return present_count_; }

private:
    struct Known {
        std::string piece;
        Symbol left = 0, right = 0;  // what it was made of when it last came to be
        bool present = true;
    };

    bool fits(Symbol left, Symbol right) const;
    bool may_merge(Symbol left, Symbol right) const;
    bool may_join(Symbol left, Symbol right) const;
    Symbol make(Symbol left, Symbol right);
    void merge(const SymbolPair& pair, std::vector<Learnt>& log);
    void supermerge(const SymbolPair& pair, std::vector<Learnt>& log);
    void remove(Symbol symbol, std::vector<Learnt>& log);
    std::vector<Symbol> parts(Symbol symbol) const;

    EventWords words_;
    std::optional<UnitPairs> units_;
    EventOptions options_;
    std::vector<Known> known_;
    std::unordered_map<std::string, Symbol> symbols_;
    std::size_t present_count_ = 256;
};

}  // namespace tokenry::learn
