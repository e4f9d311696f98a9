#include "learn/lib_learner.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "base/utf8.hpp"

namespace tokenry::learn {
namespace {

// Two ways that have not met after so many steps are left undecided, so that reading is linear.
constexpr std::size_t kMostSteps = 32;

}  // namespace

LibLearner::LibLearner(std::string text, std::vector<std::uint64_t> ends,
                       std::vector<std::uint64_t> batches, LibOptions options)
    : text_(std::move(text)),
      ends_(std::move(ends)),
      batches_(std::move(batches)),
      options_(options),
      state_(options.seed),
      order_(batches_.size()) {
    const auto ascends = [](const std::vector<std::uint64_t>& values, std::size_t last) {
        return !values.empty() && values.front() > 0 && values.back() == last &&
               std::adjacent_find(values.begin(), values.end(), std::greater_equal<>()) ==
                   values.end();
    };
    if (!ascends(ends_, text_.size()) || !ascends(batches_, ends_.size()))
        throw std::invalid_argument("ends of units and batches must ascend to the end of the text");
    if (options_.longest == 0 || options_.life == 0)
        throw std::invalid_argument("the longest chunk and a life are at least 1");
    turn_ = order_.size();
}

// splitmix64
std::uint64_t LibLearner::random() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

std::size_t LibLearner::next_batch() {
    if (turn_ == order_.size()) {
        std::iota(order_.begin(), order_.end(), 0u);
        for (std::size_t i = order_.size() - 1; i > 0; --i)
            std::swap(order_[i], order_[random() % (i + 1)]);
        turn_ = 0;
    }
    return order_[turn_++];
}

void LibLearner::read(std::size_t count) {
    for (; count > 0; --count) {
        const std::size_t batch = next_batch();
        seen_.clear();
        for (std::size_t unit = batch ? batches_[batch - 1] : 0; unit < batches_[batch]; ++unit)
            read_unit(unit ? ends_[unit - 1] : 0, ends_[unit]);
        forget();
    }
}

LibLearner::Step LibLearner::step(std::size_t at, std::size_t end) const {
    const std::size_t size = std::min(end - at, options_.longest);
    const ChunkTrie::Found found = trie_.longest({text_.data() + at, size});
    if (found.length > 0) return {found.length, found.value, false};
    const auto* text = reinterpret_cast<const std::uint8_t*>(text_.data());
    const std::size_t width = base::character_size(text + at, end - at);
    return {width, ChunkTrie::none, width > 1};
}

void LibLearner::read_unit(std::size_t begin, std::size_t end) {
    std::size_t previous = end;  // where the last chunk begins; none yet
    for (std::size_t at = begin; at < end;) {
        const std::size_t size = std::min(end - at, options_.longest);
        const ChunkTrie::Found found = trie_.longest({text_.data() + at, size});
        std::size_t length = found.length;
        if (length > 0) {
            reconsider(at, end, found);
        } else {
            const Step alone = step(at, end);
            length = alone.length;
            if (alone.unknown) {
                memorise(at, at + length);
                previous = end;
                at += length;
                continue;
            }
        }
        if (previous < at) memorise(previous, at + length);
        previous = at;
        at += length;
    }
}

void LibLearner::reconsider(std::size_t at, std::size_t end, const ChunkTrie::Found& found) {
    const auto* text = reinterpret_cast<const std::uint8_t*>(text_.data());
    Step shorter{found.shorter, found.shorter_value, false};
    if (found.shorter == 0) {
        const std::size_t width = base::character_size(text + at, end - at);
        shorter = {width, ChunkTrie::none, width > 1};
    }
    const Step chosen{found.length, found.value, false};
    const Verdict verdict = shorter.length < found.length ? compare(at, end, chosen, shorter)
                                                          : Verdict::good;
    if (verdict == Verdict::good) forward(found.value);
    if (verdict == Verdict::bad) {
        if (shorter.chunk != ChunkTrie::none) forward(shorter.chunk);
        back(found.value);
    }
}

// Goes on from both until they meet. The other is better with fewer unknown characters; with as
// many and fewer chunks; with as many of both and a smaller sum of ranks.
LibLearner::Verdict LibLearner::compare(std::size_t at, std::size_t end, Step one,
                                        Step other) const {
    one_.assign(1, one);
    other_.assign(1, other);
    std::size_t first = at + one.length, second = at + other.length;
    while (first != second) {
        if (one_.size() + other_.size() > kMostSteps) return Verdict::open;
        const bool behind = first < second;
        std::size_t& place = behind ? first : second;
        const Step next = step(place, end);
        (behind ? one_ : other_).push_back(next);
        place += next.length;
    }
    const auto unknowns = [](const std::vector<Step>& steps) {
        return std::count_if(steps.begin(), steps.end(), [](const Step& s) { return s.unknown; });
    };
    const auto known = unknowns(one_), others = unknowns(other_);
    if (known != others) return others < known ? Verdict::bad : Verdict::good;
    if (one_.size() != other_.size())
        return other_.size() < one_.size() ? Verdict::bad : Verdict::good;
    return alternative_wins_by_rank(one_, other_) ? Verdict::bad : Verdict::good;
}

bool LibLearner::alternative_wins_by_rank(const std::vector<Step>& one,
                                          const std::vector<Step>& other) const {
    const auto sum = [&](const std::vector<Step>& steps) {
        std::size_t total = 0;
        for (const Step& each : steps)
            total += each.chunk == ChunkTrie::none ? list_.size() : list_.rank(each.chunk);
        return total;
    };
    return sum(other) < sum(one);
}

void LibLearner::forward(std::uint32_t chunk) {
    chunks_[chunk].probation = false;
    chunks_[chunk].life = options_.life;
    const std::size_t rank = list_.rank(chunk);
    const std::size_t move = static_cast<std::size_t>(double(rank) * options_.update_rate) + 1;
    if (rank == 0) return;
    list_.erase(chunk);
    list_.insert(rank - std::min(rank, move), chunk);
}

void LibLearner::back(std::uint32_t chunk) {
    const std::size_t rank = list_.rank(chunk);
    const std::size_t to =
        rank + static_cast<std::size_t>(double(rank) * options_.update_rate) + 1;
    if (to >= list_.size()) return erase(chunk);
    list_.erase(chunk);
    list_.insert(to, chunk);
}

void LibLearner::erase(std::uint32_t chunk) {
    list_.erase(chunk);
    trie_.erase(chunks_[chunk].bytes);
    chunks_[chunk] = {};
    free_.push_back(chunk);
}

void LibLearner::add(std::string_view bytes) {
    std::uint32_t chunk = static_cast<std::uint32_t>(chunks_.size());
    if (free_.empty()) {
        chunks_.emplace_back();
    } else {
        chunk = free_.back();
        free_.pop_back();
    }
    chunks_[chunk] = {std::string(bytes), options_.life, false};
    trie_.add(bytes, chunk);
    list_.insert(list_.size(), chunk);
}

// What is met for the second time in a batch is learnt.
void LibLearner::memorise(std::size_t begin, std::size_t end) {
    if (!memorising_ || random() >= options_.memory_in) return;
    const std::string_view bytes(text_.data() + begin, end - begin);
    if (bytes.size() > options_.longest || trie_.find(bytes) != ChunkTrie::none) return;
    const auto [known, first] = seen_.insert(bytes);
    if (first) return;
    seen_.erase(known);
    add(bytes);
}

void LibLearner::forget() {
    const std::size_t size = list_.size();
    std::size_t last = 0;
    if (memorising_) last = static_cast<std::size_t>(double(size) * options_.memory_out) + 1;
    if (size > options_.capacity) last = std::max(last, size - options_.capacity);
    list_.from(size - std::min(size, last),
               [&](std::uint32_t chunk) { chunks_[chunk].probation = true; });
    for (std::uint32_t chunk = 0; chunk < chunks_.size(); ++chunk)
        if (chunks_[chunk].probation && --chunks_[chunk].life == 0) erase(chunk);
}

LibState LibLearner::state() const {
    LibState state{{}, state_, order_, turn_};
    list_.from(0, [&](std::uint32_t chunk) { state.chunks.push_back(chunks_[chunk]); });
    return state;
}

void LibLearner::restore(const LibState& state) {
    std::vector<bool> met(batches_.size());
    for (const std::uint32_t batch : state.order)
        if (batch < met.size()) met[batch] = true;
    // The order of a pass that has not begun is not drawn yet.
    const bool drawn = std::find(met.begin(), met.end(), false) == met.end();
    if (state.order.size() != batches_.size() || state.turn > batches_.size() ||
        (!drawn && state.turn < batches_.size()))
        throw std::invalid_argument("the order is not one of the batches");
    chunks_.clear();
    free_.clear();
    list_ = {};
    trie_ = {};
    for (const LibState::Chunk& chunk : state.chunks) {
        if (chunk.bytes.empty() || chunk.bytes.size() > options_.longest || chunk.life == 0 ||
            chunk.life > options_.life || trie_.find(chunk.bytes) != ChunkTrie::none)
            throw std::invalid_argument("a chunk that no list of this learner holds");
        add(chunk.bytes);
        chunks_.back() = chunk;
    }
    state_ = state.random;
    order_ = state.order;
    turn_ = state.turn;
}

std::vector<std::string> LibLearner::chunks() const {
    std::vector<std::string> chunks;
    list_.from(0, [&](std::uint32_t chunk) { chunks.push_back(chunks_[chunk].bytes); });
    return chunks;
}

}  // namespace tokenry::learn
