#include "learn/unigram_lattices.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/thread_pool.hpp"
#include "base/utf8.hpp"

namespace tokenry::learn {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 18;
constexpr std::size_t kBlocksBetweenPauses = 16;  // for each thread; about 0.2 s
// Products of probabilities vanish in long words. What is rarer than kRarest counts as that.
constexpr int kLift = 512;  // of an exponent
constexpr double kLeast = 0x1p-512;
constexpr double kRarest = 0x1p-490;
constexpr std::uint32_t kSpelled = 0xFFFFFFFF;  // the bytes of a character without a piece
constexpr double kNever = -std::numeric_limits<double>::infinity();

// value * kLeast^lifts: no product of probabilities is too small for it.
struct Lifted {
    double value = 0;
    int lifts = 0;

    void lift() {
        if (value >= kLeast || value == 0) return;
        value /= kLeast;
        ++lifts;
    }
    void add(double more, int its_lifts) {
        if (its_lifts == lifts) {
            value += more;
        } else if (value == 0 || its_lifts < lifts) {
            value = more + (lifts - its_lifts == 1 ? value * kLeast : 0);
            lifts = its_lifts;
        } else if (its_lifts - lifts == 1) {
            value += more * kLeast;
        }
    }
};

}  // namespace

struct UnigramLattices::Scratch {
    std::vector<std::int64_t> counts;
    std::vector<Lifted> ahead, behind;
    std::vector<Arc> arcs;
    std::vector<double> scores;  // of the best way to each place
    std::vector<Arc> steps;      // its last piece
};

UnigramLattices::UnigramLattices(const UnigramWords& words, unsigned threads,
                                 std::function<void()> pause)
    : words_(words), threads_(std::max(1u, threads)), pause_(std::move(pause)), blocks_{0} {
    for (std::size_t word = 0; word < words.size(); ++word)
        if (words.end(word) - words.begin(blocks_.back()) >= kBlockBytes)
            blocks_.push_back(word + 1);
    if (blocks_.back() != words.size()) blocks_.push_back(words.size());
    // No count is larger than the bytes of running text, and sums stay below 2^62.
    const int bits = 61 - int(std::ceil(std::log2(std::max(2.0, words.weight()))));
    scale_ = std::ldexp(1.0, std::min(40, bits));
}

void UnigramLattices::set_pieces(const std::vector<std::string_view>& pieces) {
    bytes_.clear();
    offsets_.clear();
    sizes_.clear();
    std::size_t total = 0;
    for (const auto piece : pieces) total += piece.size();
    bytes_.reserve(total);
    for (const auto piece : pieces) {
        offsets_.push_back(bytes_.size());
        sizes_.push_back(std::uint32_t(piece.size()));
        bytes_.insert(bytes_.end(), piece.begin(), piece.end());
    }
    std::vector<base::DoubleArray::Entry> entries;
    for (std::size_t id = 0; id < pieces.size(); ++id) {
        const auto* text = reinterpret_cast<const char*>(bytes_.data()) + offsets_[id];
        if (id < 0x80 || id >= kBytes)
            entries.push_back({{text, pieces[id].size()}, std::uint32_t(id)});
    }
    trie_ = base::DoubleArray(std::move(entries));
}

// take(end, id) for each arc that starts at a place; returns the width of its character.
template <class Take>
void UnigramLattices::arcs(const std::uint8_t* text, std::size_t size, std::size_t at,
                           Take take) const {
    const auto width = base::character_size(text + at, size - at);
    bool single = false;
    auto node = base::DoubleArray::kRoot;
    for (auto end = at; end < size;) {
        node = trie_.child(node, text[end++]);
        if (node == base::DoubleArray::kRoot) break;
        const auto id = trie_.value(node);
        if (id == base::DoubleArray::kNone) continue;
        take(end, std::uint32_t(id));
        single |= end - at == width;
    }
    if (!single) take(at + width, kSpelled);
}

// visit(first word, last word, block, scratch) for each block, on all threads; returns when all
// are done.
template <class Visit>
void UnigramLattices::each_block(Visit visit) const {
    const std::size_t count = blocks_.size() - 1, wave = kBlocksBetweenPauses * threads_;
    for (std::size_t first = 0; first < count; first += wave) {
        if (pause_) pause_();
        std::atomic<std::size_t> next{first};
        const auto last = std::min(count, first + wave);
        const std::size_t workers = std::min<std::size_t>(threads_, last - first);
        base::parallel_for(workers, unsigned(workers), [&](std::size_t worker) {
            for (std::size_t block; (block = next.fetch_add(1)) < last;)
                visit(blocks_[block], blocks_[block + 1], block, worker);
        });
    }
}

UnigramLattices::Expectation UnigramLattices::expect(std::span<const double> scores) const {
    std::vector<double> chances;
    for (const double score : scores) chances.push_back(std::max(kRarest, std::exp(score)));
    std::vector<Scratch> scratch(threads_);
    for (Scratch& each : scratch) each.counts.resize(size());
    std::vector<double> likelihoods(blocks_.size());
    each_block([&](std::size_t first, std::size_t last, std::size_t block, std::size_t worker) {
        for (auto word = first; word < last; ++word)
            likelihoods[block] += expect_word(word, chances, scratch[worker]);
    });
    Expectation result{std::vector<double>(size()), 0};
    for (std::size_t id = 0; id < size(); ++id) {
        std::int64_t sum = 0;
        for (const Scratch& each : scratch) sum += each.counts[id];
        result.counts[id] = double(sum) / scale_;
    }
    for (const double each : likelihoods) result.log_likelihood += each;
    return result;
}

double UnigramLattices::expect_word(std::size_t word, std::span<const double> chances,
                                    Scratch& scratch) const {
    const auto* text = words_.data() + words_.begin(word);
    const auto length = words_.end(word) - words_.begin(word);
    const auto count = double(words_.count(word));
    forward(text, length, chances, scratch);
    backward(text, length, chances, count, scratch);
    const Lifted whole = scratch.ahead[length];
    return count * (std::log(whole.value) - whole.lifts * kLift * std::numbers::ln2);
}

// Probability of all ways to each place.
void UnigramLattices::forward(const std::uint8_t* text, std::size_t length,
                              std::span<const double> chances, Scratch& scratch) const {
    scratch.arcs.clear();
    scratch.ahead.assign(length + 1, {});
    auto* ahead = scratch.ahead.data();
    ahead[0].value = 1;
    for (std::size_t at = 0; at < length; ++at) {
        if (ahead[at].value == 0) continue;  // within a character
        ahead[at].lift();
        arcs(text, length, at, [&](std::size_t end, std::uint32_t id) {
            ahead[end].add(ahead[at].value * chance_of(text, at, end, id, chances), ahead[at].lifts);
            scratch.arcs.push_back({std::uint32_t(at), std::uint32_t(end), id});
        });
    }
    ahead[length].lift();
}

void UnigramLattices::backward(const std::uint8_t* text, std::size_t length,
                               std::span<const double> chances, double count,
                               Scratch& scratch) const {
    scratch.behind.assign(length + 1, {});
    auto* behind = scratch.behind.data();
    const Lifted whole = scratch.ahead[length];
    const double weight = count / whole.value;
    behind[length].value = 1;
    std::size_t at = length;
    for (std::size_t i = scratch.arcs.size(); i-- > 0;) {
        const Arc& arc = scratch.arcs[i];
        if (arc.from != at) behind[at].lift();
        at = arc.from;
        const Lifted before = scratch.ahead[at], after = behind[arc.to];
        const double rest = chance_of(text, at, arc.to, arc.id, chances) * after.value;
        behind[at].add(rest, after.lifts);
        if (const int lifts = whole.lifts - before.lifts - after.lifts; lifts == 0) {
            add(text, arc, weight * before.value * rest, scratch);
        } else {
            const double half = std::ldexp(1.0, lifts * (kLift / 2));
            add(text, arc, weight * ((before.value * half) * (rest * half)), scratch);
        }
    }
}

double UnigramLattices::chance_of(const std::uint8_t* text, std::size_t from, std::size_t to,
                                  std::uint32_t id, std::span<const double> chances) {
    if (id != kSpelled) return chances[id];
    double chance = 1;
    for (auto at = from; at < to; ++at) chance = std::max(kRarest, chance * chances[text[at]]);
    return chance;
}

void UnigramLattices::add(const std::uint8_t* text, const Arc& arc, double count,
                          Scratch& scratch) const {
    const auto fixed = std::int64_t(count * scale_ + 0.5);
    if (arc.id != kSpelled) {
        scratch.counts[arc.id] += fixed;
    } else {
        for (auto at = arc.from; at < arc.to; ++at) scratch.counts[text[at]] += fixed;
    }
}

std::vector<std::uint64_t> UnigramLattices::best(std::span<const double> scores) const {
    std::vector<Scratch> scratch(threads_);
    for (Scratch& each : scratch) each.counts.resize(size());
    each_block([&](std::size_t first, std::size_t last, std::size_t, std::size_t worker) {
        Scratch& mine = scratch[worker];
        for (auto word = first; word < last; ++word) {
            const auto* text = words_.data() + words_.begin(word);
            search(text, words_.end(word) - words_.begin(word), scores, kSpelled, mine);
            for (const Arc& step : mine.arcs) {
                if (step.id != kSpelled) mine.counts[step.id] += std::int64_t(words_.count(word));
                else for (auto at = step.from; at < step.to; ++at)
                    mine.counts[text[at]] += std::int64_t(words_.count(word));
            }
        }
    });
    std::vector<std::uint64_t> counts(size());
    for (const Scratch& each : scratch)
        for (std::size_t id = 0; id < size(); ++id) counts[id] += std::uint64_t(each.counts[id]);
    return counts;
}

// The steps of the best way, last one first, in scratch.arcs. Piece `without` is not used.
void UnigramLattices::search(const std::uint8_t* text, std::size_t length,
                             std::span<const double> scores, std::uint32_t without,
                             Scratch& scratch) const {
    scratch.scores.assign(length + 1, kNever);
    scratch.steps.resize(length + 1);
    scratch.scores[0] = 0;
    for (std::size_t at = 0; at < length; ++at) {
        const double before = scratch.scores[at];
        if (before == kNever) continue;
        const auto offer = [&](std::size_t end, std::uint32_t id, double score) {
            if (before + score <= scratch.scores[end]) return;
            scratch.scores[end] = before + score;
            scratch.steps[end] = {std::uint32_t(at), std::uint32_t(end), id};
        };
        const auto spell = [&](std::size_t end) {
            double score = 0;
            for (auto i = at; i < end; ++i) score += scores[text[i]];
            offer(end, kSpelled, score);
        };
        arcs(text, length, at, [&](std::size_t end, std::uint32_t id) {
            if (id == kSpelled) return spell(end);
            if (id != without) return offer(end, id, scores[id]);
            if (end == base::character_size(text, length)) spell(end);
        });
    }
    scratch.arcs.clear();
    for (auto end = std::uint32_t(length); end > 0; end = scratch.steps[end].from)
        scratch.arcs.push_back(scratch.steps[end]);
}

std::vector<double> UnigramLattices::losses(std::span<const double> scores,
                                            std::span<const double> counts) const {
    double sum = 0;
    for (const double count : counts) sum += count;
    std::vector<double> result(size());
    constexpr std::size_t kPart = 4096;
    const std::size_t parts = (size() + kPart - 1) / kPart, wave = kBlocksBetweenPauses * threads_;
    for (std::size_t first = 0; first < parts; first += wave) {
        if (pause_) pause_();
        base::parallel_for(std::min(wave, parts - first), threads_, [&](std::size_t part) {
            Scratch scratch;
            const auto begin = std::max(kBytes, (first + part) * kPart);
            const auto end = std::min(size(), (first + part + 1) * kPart);
            for (auto id = begin; id < end; ++id)
                result[id] = loss(std::uint32_t(id), sum, scores, counts, scratch);
        });
    }
    return result;
}

// Without the piece its count goes to the pieces of the other segmentation, and the sum of all
// counts grows by one less than these are.
double UnigramLattices::loss(std::uint32_t id, double sum, std::span<const double> scores,
                             std::span<const double> counts, Scratch& scratch) const {
    const double count = counts[id];
    if (count <= 0) return 0;
    const auto* text = bytes_.data() + offsets_[id];
    search(text, sizes_[id], scores, id, scratch);
    double other = 0;
    std::size_t steps = 0;
    const auto take = [&](std::uint32_t step) {
        other += std::log(counts[step] + count);
        ++steps;
    };
    for (const Arc& arc : scratch.arcs) {
        if (arc.id != kSpelled) take(arc.id);
        else for (auto at = arc.from; at < arc.to; ++at) take(text[at]);
    }
    other -= double(steps) * std::log(sum + count * (double(steps) - 1));
    return count * (std::log(count) - std::log(sum) - other);
}

}  // namespace tokenry::learn
