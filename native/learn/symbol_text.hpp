// What byte-pair learning starts from: distinct words, or documents, as symbols.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "learn/merge_list.hpp"
#include "learn/pair_index.hpp"
#include "learn/word_counter.hpp"
#include "learn/word_table.hpp"

namespace tokenry::learn {

// The id of each single byte, or -1: such a byte is left out and no merge crosses its place.
using ByteIds = std::array<std::int64_t, 256>;

// Distinct words, the most frequent first.
SymbolText symbols_of_words(const WordTable& words, const ByteIds& byte_ids,
                            const MergeList& merges);

// Documents as ids of merges learnt before, without ever hashing a document. A pretoken is cut
// between two bytes that are neighbours in no piece: no merge can cross there, so the fragments
// (mostly words) segment independently, and each distinct one is segmented once.
class DocumentSymbols {
public:
    DocumentSymbols(std::shared_ptr<const split::Splitter> splitter, const Pieces& pieces,
                    const ByteIds& byte_ids, MergeList merges);

    bool splits() const { return splitter_ != nullptr; }
    void add(Text document);
    void add_ranges(Text document, const std::uint64_t* starts, const std::uint64_t* ends,
                    std::size_t count);
    std::size_t size() const { return symbols_.size(); }
    std::size_t bytes() const;
    const std::vector<Id>& symbols() const { return symbols_; }
    SymbolText take();

private:
    void add_pretoken(Text pretoken);
    void add_fragment(Text fragment, std::size_t readable);

    std::shared_ptr<const split::Splitter> splitter_;
    ByteIds byte_ids_;
    MergeList merges_;
    std::vector<std::uint8_t> joined_;  // 256 * first + second: neighbours in some piece
    WordTable fragments_;               // -> 1 + offset into ids_ << 8 | number of ids
    std::vector<Id> ids_;
    std::vector<Id> scratch_;
    std::vector<Id> symbols_{SymbolText::kBreak};
};

}  // namespace tokenry::learn
