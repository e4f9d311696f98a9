#include "learn/event_learner.hpp"

namespace tokenry::learn {
namespace {

constexpr std::size_t kBytes = 256;

}  // namespace

EventLearner::EventLearner(const std::array<std::uint8_t, 256>& alphabet, EventWords words,
                           std::optional<UnitPairs> units, const EventOptions& options)
    : words_(std::move(words)), units_(std::move(units)), options_(options) {
    for (const std::uint8_t byte : alphabet) {
        symbols_[std::string(1, static_cast<char>(byte))] = static_cast<Symbol>(known_.size());
        known_.push_back({std::string(1, static_cast<char>(byte))});
    }
    for (EventWords::Word word = 0; units_ && word < words_.size(); ++word)
        if (words_.is_single(word)) units_->unite(word, words_.first(word));
}

bool EventLearner::fits(Symbol left, Symbol right) const {
    return known_[left].piece.size() + known_[right].piece.size() <= options_.max_bytes;
}

// No piece is both of merges and of supermerges: a superword is never deleted and never a part of a
// word, which is what lets the encoder look at each word alone.
bool EventLearner::may_merge(Symbol left, Symbol right) const {
    if (!fits(left, right)) return false;
    if (!units_) return true;
    const auto made = symbols_.find(known_[left].piece + known_[right].piece);
    return made == symbols_.end() || !units_->is_superword(made->second);
}

bool EventLearner::may_join(Symbol left, Symbol right) const {
    if (!fits(left, right)) return false;
    if (units_->words(left) + units_->words(right) > options_.max_words) return false;
    const auto made = symbols_.find(known_[left].piece + known_[right].piece);
    return made == symbols_.end() || units_->is_superword(made->second);
}

bool EventLearner::step(std::vector<Learnt>& log) {
    const auto pair = words_.best(options_.min_count, [this](Symbol left, Symbol right) {
        return may_merge(left, right);
    });
    if (units_) {
        const std::uint64_t least = pair ? pair->count + 1 : options_.min_count;
        const auto words = units_->best(least, [this](Symbol left, Symbol right) {
            return may_join(left, right);
        });
        if (words) {
            supermerge(*words, log);
            return true;
        }
    }
    if (!pair) return false;
    merge(*pair, log);
    return true;
}

Symbol EventLearner::make(Symbol left, Symbol right) {
    std::string piece = known_[left].piece + known_[right].piece;
    const auto [found, fresh] = symbols_.emplace(piece, static_cast<Symbol>(known_.size()));
    const Symbol symbol = found->second;
    if (fresh) {
        known_.push_back({std::move(piece), left, right});
    } else if (!known_[symbol].present) {
        known_[symbol].left = left;
        known_[symbol].right = right;
        known_[symbol].present = true;
    } else {
        return symbol;
    }
    ++present_count_;
    return symbol;
}

void EventLearner::merge(const SymbolPair& pair, std::vector<Learnt>& log) {
    const auto [left, right, count] = pair;
    const Symbol made = make(left, right);
    const std::uint64_t lefts = words_.frequency(left), rights = words_.frequency(right);
    const auto [joined, single] = words_.merge(left, right, made);
    log.push_back({{encode::Event::merge, left, right, made}, count});
    if (units_ && single) units_->unite(*single, made);
    const auto used_up = [&](std::uint64_t used, std::uint64_t all) {
        return static_cast<double>(used) >= options_.threshold * static_cast<double>(all);
    };
    if (left >= kBytes && used_up(left == right ? 2 * joined : joined, lefts)) remove(left, log);
    if (right >= kBytes && right != left && used_up(joined, rights)) remove(right, log);
}

void EventLearner::supermerge(const SymbolPair& pair, std::vector<Learnt>& log) {
    const auto [left, right, count] = pair;
    const Symbol made = make(left, right);
    const std::uint64_t joined = units_->merge(left, right, made);
    log.push_back({{encode::Event::supermerge, left, right, made}, count});
    for (const Symbol symbol : {left, right})
        if (!units_->is_superword(symbol)) words_.take(units_->word_of(symbol), joined);
}

void EventLearner::remove(Symbol symbol, std::vector<Learnt>& log) {
    known_[symbol].present = false;
    --present_count_;
    log.push_back({{encode::Event::deletion, symbol, 0, 0}, words_.frequency(symbol)});
    const auto single = words_.split(symbol, parts(symbol));
    if (units_ && single) units_->divide(symbol);
}

std::vector<Symbol> EventLearner::parts(Symbol symbol) const {
    std::vector<Symbol> found;
    std::vector<Symbol> open{symbol};
    while (!open.empty()) {
        const Symbol next = open.back();
        open.pop_back();
        if (known_[next].present) {
            found.push_back(next);
        } else {
            open.push_back(known_[next].right);
            open.push_back(known_[next].left);
        }
    }
    return found;
}

}  // namespace tokenry::learn
