#include "learn/wordpiece_index.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "learn/unigram_words.hpp"

namespace tokenry::learn {
namespace {

constexpr double kNone = -std::numeric_limits<double>::infinity();
constexpr double kNever = std::numeric_limits<double>::infinity();  // the pair would be too long
constexpr std::uint32_t kNoWord = 0xFFFFFFFF;
// Scores creep up whenever a symbol becomes rarer. A bound that is higher by this share saves most
// of the entries that a frequent symbol would cost at every merge.
constexpr double kSlack = 0.02;

std::string key_of(bool starts, const std::string& piece) { return (starts ? "^" : "+") + piece; }

}  // namespace

struct WordPieceIndex::Later {
    bool operator()(const Entry& a, const Entry& b) const {
        if (a.bound != b.bound) return a.bound < b.bound;
        return a.left != b.left ? a.left > b.left : a.right > b.right;
    }
};

WordPieceIndex::WordPieceIndex(const WordTable& words, PairScore score, std::uint64_t min_count,
                               std::size_t max_bytes)
    : kind_(score), min_count_(std::max<std::uint64_t>(1, min_count)), max_bytes_(max_bytes) {
    for (const bool starts : {true, false})
        for (int byte = 0; byte < 256; ++byte) {
            pieces_.emplace_back(1, char(byte));
            starts_.push_back(starts);
            ids_.emplace(key_of(starts, pieces_.back()), std::uint32_t(pieces_.size() - 1));
        }
    symbols_.resize(pieces_.size());
    // In byte order, so that words that share a pair lie near each other.
    const UnigramWords sorted(words);
    text_.reserve(sorted.bytes());
    for (std::size_t word = 0; word < sorted.size(); ++word)
        for (auto at = sorted.begin(word); at < sorted.end(word); at += kLongest)
            add_word(sorted.data() + at, std::min(sorted.end(word) - at, kLongest),
                     at == sorted.begin(word), sorted.count(word));
    touched_.clear();
    for (std::uint32_t pair = 0; pair < pairs_.size(); ++pair) offer(pair);
}

void WordPieceIndex::add_word(const std::uint8_t* text, std::size_t size, bool starts,
                              std::uint64_t count) {
    const auto word = std::uint32_t(words_.size());
    words_.push_back({std::uint32_t(text_.size()), std::uint32_t(size), count});
    total_ += count * size;
    for (std::size_t i = 0; i < size; ++i) {
        const std::uint32_t id = text[i] + (starts && i == 0 ? 0 : 256);
        symbols_[id].count += count;
        text_.push_back(id);
        if (i > 0) more(text_[text_.size() - 2], id, word);
    }
}

std::uint32_t WordPieceIndex::pair_of(std::uint32_t left, std::uint32_t right) {
    const auto fresh = std::uint32_t(pairs_.size());
    const auto found = pair_ids_.insert(PairMap::key(left, right), fresh);
    if (found == fresh) {
        const bool fits = pieces_[left].size() + pieces_[right].size() <= max_bytes_;
        pairs_.push_back({left, right, 0, fits ? kNone : kNever, kNoWord, kNoWord, {}});
    }
    return found;
}

void WordPieceIndex::more(std::uint32_t left, std::uint32_t right, std::uint32_t word) {
    const auto id = pair_of(left, right);
    Pair& pair = pairs_[id];
    if (pair.count == 0) list(id);
    pair.count += words_[word].count;
    if (pair.word == kNoWord) pair.word = word;
    else if (pair.last != word) pair.words.push_back(word);
    pair.last = word;
    touched_.push_back(id);
}

void WordPieceIndex::fewer(std::uint32_t left, std::uint32_t right, std::uint64_t count) {
    pairs_[pair_of(left, right)].count -= count;
}

double WordPieceIndex::score(const Pair& pair) const {
    const auto together = double(pair.count);
    const double apart = double(symbols_[pair.left].count) * double(symbols_[pair.right].count);
    switch (kind_) {
        case PairScore::kLikelihood: return together * std::log(together * double(total_) / apart);
        case PairScore::kRatio: return together / apart;
        default: return together;
    }
}

// The invariant of the heap: no pair scores higher than its entry. Called where a score may have
// grown; what falls is found out when its entry comes first.
void WordPieceIndex::offer(std::uint32_t id) {
    Pair& pair = pairs_[id];
    if (pair.count < min_count_) return;
    const double now = score(pair);
    if (now <= pair.queued) return;
    pair.queued = kind_ == PairScore::kFrequency ? now : now + kSlack * std::abs(now);
    push(pair);
}

void WordPieceIndex::push(const Pair& pair) {
    heap_.push_back({pair.queued, pair.left, pair.right});
    std::push_heap(heap_.begin(), heap_.end(), Later());
}

bool WordPieceIndex::pop(std::uint32_t& best) {
    while (!heap_.empty()) {
        std::pop_heap(heap_.begin(), heap_.end(), Later());
        const Entry entry = heap_.back();
        heap_.pop_back();
        best = pair_ids_.find(PairMap::key(entry.left, entry.right));
        Pair& pair = pairs_[best];
        if (entry.bound != pair.queued) continue;  // a later entry of the pair counts
        pair.queued = kNone;
        if (pair.count < min_count_) continue;
        const double now = score(pair);
        if (now == entry.bound) return true;
        pair.queued = now;
        push(pair);
    }
    return false;
}

std::uint32_t WordPieceIndex::make(std::uint32_t left, std::uint32_t right) {
    std::string piece = pieces_[left] + pieces_[right];
    const bool starts = starts_[left];
    const auto [found, is_new] =
        ids_.try_emplace(key_of(starts, piece), std::uint32_t(pieces_.size()));
    if (is_new) {
        pieces_.push_back(std::move(piece));
        starts_.push_back(starts);
        symbols_.emplace_back();
    }
    return found->second;
}

bool WordPieceIndex::step(Merge& merge) {
    std::uint32_t best = 0;
    if (!pop(best)) return false;
    merge = {pairs_[best].left, pairs_[best].right, 0, score(pairs_[best])};
    merge.made = make(merge.left, merge.right);
    const auto words = std::move(pairs_[best].words);
    const auto first = pairs_[best].word;
    pairs_[best].words = {};
    pairs_[best].word = pairs_[best].last = kNoWord;
    touched_.clear();
    merge_in(first, merge);
    for (const auto word : words) merge_in(word, merge);
    for (const auto pair : touched_) offer(pair);
    if (kind_ != PairScore::kFrequency) {
        offer_around(merge.left);
        if (merge.right != merge.left) offer_around(merge.right);
    }
    return true;
}

void WordPieceIndex::merge_in(std::uint32_t word, const Merge& merge) {
    std::uint32_t* text = text_.data() + words_[word].begin;
    const std::size_t size = words_[word].size;
    const auto count = words_[word].count;
    std::size_t out = 0;
    for (std::size_t i = 0; i < size; ++i, ++out) {
        if (i + 1 == size || text[i] != merge.left || text[i + 1] != merge.right) {
            text[out] = text[i];
            continue;
        }
        fewer(merge.left, merge.right, count);
        if (out > 0) {
            fewer(text[out - 1], merge.left, count);
            more(text[out - 1], merge.made, word);
        }
        if (i + 2 < size) {
            fewer(merge.right, text[i + 2], count);
            more(merge.made, text[i + 2], word);
        }
        symbols_[merge.left].count -= count;
        symbols_[merge.right].count -= count;
        symbols_[merge.made].count += count;
        total_ -= count;
        text[out] = merge.made;
        ++i;
    }
    words_[word].size = std::uint32_t(out);
}

// Notes a pair with its symbols; frequencies alone never need to be looked up from there.
void WordPieceIndex::list(std::uint32_t id) {
    if (kind_ == PairScore::kFrequency) return;
    const Pair& pair = pairs_[id];
    symbols_[pair.left].pairs.push_back(id);
    if (pair.left != pair.right) symbols_[pair.right].pairs.push_back(id);
}

// A symbol became rarer, so its pairs score higher. Those that are gone are forgotten; `more` lists
// them again if they come back.
void WordPieceIndex::offer_around(std::uint32_t symbol) {
    auto& around = symbols_[symbol].pairs;
    std::size_t kept = 0;
    for (const auto pair : around) {
        if (pairs_[pair].count == 0) continue;
        offer(pair);
        around[kept++] = pair;
    }
    around.resize(kept);
}

}  // namespace tokenry::learn
