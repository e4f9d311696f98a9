#include "learn/wordpiece_index.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace tokenry {
namespace {

constexpr double kNone = -std::numeric_limits<double>::infinity();
// Scores creep up whenever a symbol becomes rarer. A bound that is higher by this share saves most
// of the entries that a frequent symbol would cost at every merge.
constexpr double kSlack = 0.02;
constexpr std::size_t kMostSymbols = 0xFFFFFF00;

std::string key_of(bool starts, const std::string& piece) { return (starts ? "^" : "+") + piece; }

}  // namespace

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
    words.for_each([&](const std::uint8_t* word, std::size_t size, std::uint64_t count) {
        for (std::size_t at = 0; at < size && count > 0; at += kLongest)
            add_word(word + at, std::min(size - at, kLongest), at == 0, count);
    });
    touched_.clear();
    for (std::uint32_t pair = 0; pair < pairs_.size(); ++pair) offer(pair);
}

void WordPieceIndex::add_word(const std::uint8_t* text, std::size_t size, bool starts,
                              std::uint64_t count) {
    if (text_.size() + size > kMostSymbols)
        throw std::invalid_argument("the distinct pretokens have more than 4 GB in all");
    const auto word = std::uint32_t(begins_.size());
    begins_.push_back(std::uint32_t(text_.size()));
    sizes_.push_back(std::uint16_t(size));
    counts_.push_back(count);
    total_ += count * size;
    for (std::size_t i = 0; i < size; ++i) {
        const std::uint32_t id = text[i] + (starts && i == 0 ? 0 : 256);
        symbols_[id].count += count;
        text_.push_back(id);
        if (i > 0) more(text_[text_.size() - 2], id, word);
    }
}

std::uint32_t WordPieceIndex::pair_of(std::uint32_t left, std::uint32_t right) {
    const auto key = std::uint64_t{left} << 32 | right;
    const auto [found, is_new] = pair_ids_.try_emplace(key, std::uint32_t(pairs_.size()));
    if (is_new) {
        pairs_.push_back({left, right, 0, kNone, {}});
        symbols_[left].pairs.push_back(found->second);
        if (left != right) symbols_[right].pairs.push_back(found->second);
    }
    return found->second;
}

void WordPieceIndex::more(std::uint32_t left, std::uint32_t right, std::uint32_t word) {
    const auto id = pair_of(left, right);
    Pair& pair = pairs_[id];
    pair.count += counts_[word];
    if (pair.words.empty() || pair.words.back() != word) pair.words.push_back(word);
    touched_.push_back(id);
}

void WordPieceIndex::fewer(std::uint32_t left, std::uint32_t right, std::uint64_t count) {
    pairs_[pair_of(left, right)].count -= count;
}

bool WordPieceIndex::may_merge(const Pair& pair) const {
    return pair.count >= min_count_ &&
           pieces_[pair.left].size() + pieces_[pair.right].size() <= max_bytes_;
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
    if (!may_merge(pair)) return;
    const double now = score(pair);
    if (now <= pair.queued) return;
    pair.queued = kind_ == PairScore::kFrequency ? now : now + kSlack * std::abs(now);
    push({pair.queued, id});
}

bool WordPieceIndex::before(const Entry& a, const Entry& b) const {
    if (a.bound != b.bound) return a.bound > b.bound;
    const Pair &one = pairs_[a.pair], &other = pairs_[b.pair];
    return one.left != other.left ? one.left < other.left : one.right < other.right;
}

void WordPieceIndex::push(Entry entry) {
    heap_.push_back(entry);
    std::push_heap(heap_.begin(), heap_.end(),
                   [this](const Entry& a, const Entry& b) { return before(b, a); });
}

bool WordPieceIndex::pop(std::uint32_t& best) {
    while (!heap_.empty()) {
        std::pop_heap(heap_.begin(), heap_.end(),
                      [this](const Entry& a, const Entry& b) { return before(b, a); });
        const Entry entry = heap_.back();
        heap_.pop_back();
        Pair& pair = pairs_[entry.pair];
        if (entry.bound != pair.queued) continue;  // a later entry of the pair counts
        pair.queued = kNone;
        if (!may_merge(pair)) continue;
        const double now = score(pair);
        if (now == entry.bound) {
            best = entry.pair;
            return true;
        }
        pair.queued = now;
        push({now, entry.pair});
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
    pairs_[best].words = {};
    touched_.clear();
    for (const auto word : words) merge_in(word, merge);
    for (const auto pair : touched_) offer(pair);
    if (kind_ != PairScore::kFrequency) {
        offer_around(merge.left);
        if (merge.right != merge.left) offer_around(merge.right);
    }
    return true;
}

void WordPieceIndex::merge_in(std::uint32_t word, const Merge& merge) {
    std::uint32_t* text = text_.data() + begins_[word];
    const std::size_t size = sizes_[word];
    const auto count = counts_[word];
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
    sizes_[word] = std::uint16_t(out);
}

// A symbol became rarer, so its pairs score higher.
void WordPieceIndex::offer_around(std::uint32_t symbol) {
    for (const auto pair : symbols_[symbol].pairs) offer(pair);
}

}  // namespace tokenry
