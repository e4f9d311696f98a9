#include "learn/symbol_text.hpp"

#include <algorithm>
#include <stdexcept>

namespace tokenry::learn {
namespace {

constexpr std::size_t kMostSymbols = 0xFFFFFF00;
constexpr std::size_t kCachedFragment = 64;              // bytes; longer ones seldom come again
constexpr std::size_t kMostFragments = std::size_t{1} << 22;  // then the cache starts afresh

struct Counted {
    std::uint64_t count, offset;
    std::uint32_t size;
};

// Appends the symbols of `word`, kBreak where a byte has no id, with the merges applied.
void append_symbols(Text word, const ByteIds& byte_ids, const MergeList& merges,
                    std::vector<Id>& scratch, std::vector<Id>& symbols) {
    auto flush = [&] {
        merges.apply(scratch);
        symbols.insert(symbols.end(), scratch.begin(), scratch.end());
        scratch.clear();
    };
    for (std::size_t i = 0; i < word.size(); ++i) {
        const std::int64_t id = byte_ids[word[i]];
        if (id >= 0) {
            scratch.push_back(static_cast<Id>(id));
            continue;
        }
        flush();
        symbols.push_back(SymbolText::kBreak);
    }
    flush();
}

void check_room(const std::vector<Id>& symbols) {
    if (symbols.size() > kMostSymbols) {
        throw std::length_error("the text has more than 2^32 symbols; learn from a sample of it");
    }
}

}  // namespace

SymbolText symbols_of_words(const WordTable& words, const ByteIds& byte_ids,
                            const MergeList& merges) {
    std::vector<std::uint8_t> arena;
    std::vector<Counted> order;
    std::size_t total = 0;
    order.reserve(words.size());
    words.for_each([&](const std::uint8_t*, std::size_t size, std::uint64_t) { total += size; });
    arena.reserve(total);
    words.for_each([&](const std::uint8_t* word, std::size_t size, std::uint64_t count) {
        if (size < 2 || count == 0) return;  // no pair
        order.push_back({count, arena.size(), static_cast<std::uint32_t>(size)});
        arena.insert(arena.end(), word, word + size);
    });
    std::sort(order.begin(), order.end(), [](const Counted& a, const Counted& b) {
        return a.count != b.count ? a.count > b.count : a.offset < b.offset;
    });
    SymbolText text;
    text.symbols.reserve(arena.size() + order.size() + 1);
    std::vector<Id> scratch;
    for (const Counted& word : order) {
        if (text.run_weights.empty() || text.run_weights.back() != word.count) {
            if (!text.run_weights.empty()) text.run_ends.push_back(text.symbols.size());
            text.run_weights.push_back(word.count);
        }
        append_symbols({arena.data() + word.offset, word.size}, byte_ids, merges, scratch,
                       text.symbols);
        if (text.symbols.back() != SymbolText::kBreak) text.symbols.push_back(SymbolText::kBreak);
        check_room(text.symbols);
    }
    if (text.run_weights.empty()) text.run_weights.push_back(1);
    text.run_ends.push_back(text.symbols.size());
    return text;
}

DocumentSymbols::DocumentSymbols(std::shared_ptr<const split::Splitter> splitter,
                                 const Pieces& pieces, const ByteIds& byte_ids, MergeList merges)
    : splitter_(std::move(splitter)), byte_ids_(byte_ids), merges_(std::move(merges)),
      joined_(65536) {
    for (Id id = 0; id < pieces.count(); ++id) {
        const std::uint8_t* piece = pieces.bytes.data() + pieces.offsets[id];
        for (std::size_t i = 1; i < pieces.size(id); ++i) joined_[piece[i - 1] << 8 | piece[i]] = 1;
    }
}

void DocumentSymbols::add(Text document) {
    std::uint32_t ends[512];
    std::size_t begin = 0;
    while (begin < document.size()) {
        const std::size_t found =
            splitter_->split(document.data(), document.size(), begin, ends, std::size(ends));
        if (found == 0) break;
        std::size_t start = begin;
        for (std::size_t i = 0; i < found; ++i) {
            add_pretoken(document.subspan(start, begin + ends[i] - start));
            start = begin + ends[i];
        }
        begin = start;
    }
}

void DocumentSymbols::add_ranges(Text document, const std::uint64_t* starts,
                                 const std::uint64_t* ends, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        if (ends[i] > starts[i]) {
            add_pretoken(document.subspan(starts[i], ends[i] - starts[i]));
        }
    }
}

void DocumentSymbols::add_pretoken(Text pretoken) {
    const std::size_t first = symbols_.size();
    std::size_t start = 0;
    for (std::size_t i = 1; i < pretoken.size(); ++i) {
        if (joined_[pretoken[i - 1] << 8 | pretoken[i]]) continue;
        add_fragment(pretoken.subspan(start, i - start), pretoken.size() - start);
        start = i;
    }
    add_fragment(pretoken.subspan(start), pretoken.size() - start);
    if (symbols_.size() == first + 1) {
        symbols_.pop_back();  // one symbol makes no pair
    } else if (symbols_.back() != SymbolText::kBreak) {
        symbols_.push_back(SymbolText::kBreak);
    }
    check_room(symbols_);
}

void DocumentSymbols::add_fragment(Text fragment, std::size_t readable) {
    if (fragment.size() > kCachedFragment) {
        append_symbols(fragment, byte_ids_, merges_, scratch_, symbols_);
        return;
    }
    if (fragments_.size() > kMostFragments) {
        fragments_.clear();
        ids_.clear();
    }
    std::uint64_t& value = fragments_.at(fragment.data(), fragment.size(), readable);
    if (value == 0) {
        const std::size_t offset = ids_.size();
        append_symbols(fragment, byte_ids_, merges_, scratch_, ids_);
        value = 1 + (std::uint64_t{offset} << 8 | (ids_.size() - offset));
    }
    const std::uint64_t offset = (value - 1) >> 8, count = (value - 1) & 255;
    symbols_.insert(symbols_.end(), ids_.begin() + static_cast<std::ptrdiff_t>(offset),
                    ids_.begin() + static_cast<std::ptrdiff_t>(offset + count));
}

std::size_t DocumentSymbols::bytes() const {
    return symbols_.capacity() * sizeof(Id) + fragments_.bytes() + ids_.capacity() * sizeof(Id);
}

SymbolText DocumentSymbols::take() {
    fragments_.clear();
    ids_ = {};
    SymbolText text;
    symbols_.shrink_to_fit();
    text.symbols = std::move(symbols_);
    symbols_ = {SymbolText::kBreak};
    text.run_ends = {text.symbols.size()};
    text.run_weights = {1};
    return text;
}

}  // namespace tokenry::learn
