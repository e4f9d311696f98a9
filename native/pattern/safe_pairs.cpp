#include "pattern/safe_pairs.hpp"

#include <algorithm>
#include <set>

namespace tokenry::pattern {
namespace {

// What one cut does between characters `a` and `b`.
struct Between {
    bool apart = false;  // what is on one side has no say in the matches of the other
    bool cut = false;    // a match always ends there
};

class Pairs {
public:
    explicit Pairs(const Cut& cut)
        : automaton_(cut.automaton), behind_(automaton_.symbols()),
          drops_(cut.behavior == Behavior::removed && cut.invert) {
        for (std::size_t number = 1; number < automaton_.rows(); ++number)
            for (std::size_t symbol = kFirstCharacter; symbol < automaton_.symbols(); ++symbol)
                add(automaton_.row(number), static_cast<Symbol>(symbol));
    }

    Between between(Symbol a, Symbol b) const {
        Between result{automaton_.start(a) == automaton_.start(kEdge), true};
        for (const Automaton::Row row : behind_[a]) {
            const Automaton::Step step = automaton_.step(row, b);
            // The attempt must end at b as it would where the text ends.
            if (step.next != 0 || step.ends != automaton_.step(row, kEdge).ends) return {};
            result.cut = result.cut && step.ends;
        }
        // What stands between matches ends at b too: it is dropped, has no a, or a match begins.
        result.cut = result.apart &&
                     (drops_ || (result.cut && (always_taken(a) || always_matched(b))));
        return result;
    }

private:
    void add(Automaton::Row row, Symbol symbol) {
        const Automaton::Row next = automaton_.step(row, symbol).next;
        if (next != 0) behind_[symbol].insert(next);
    }

    // Whether an attempt that begins with the character goes on behind it, whatever stands before.
    bool always_taken(Symbol a) const {
        for (std::size_t before = 0; before < automaton_.symbols(); ++before)
            if (before != kInside &&
                automaton_.step(automaton_.start(static_cast<Symbol>(before)), a).next == 0)
                return false;
        return true;
    }

    // Whether every attempt that begins with the character matches, whatever follows.
    bool always_matched(Symbol b) const {
        const Automaton::Row row = automaton_.step(automaton_.start(kEdge), b).next;
        for (std::size_t behind = 0; behind < automaton_.symbols(); ++behind)
            if (behind != kInside && !automaton_.step(row, static_cast<Symbol>(behind)).ends)
                return false;
        return row != 0;
    }

    const Automaton& automaton_;
    std::vector<std::set<Automaton::Row>> behind_;  // states that each symbol leads to
    bool drops_;                                  // what stands between matches
};

// Merging makes what becomes of a match a matter of its neighbours; a look may reach anywhere, and an
// empty match depends on the one before it.
bool reaches(const Cut& cut) {
    return cut.looks.any() || cut.automaton.is_empty() ||
           (cut.behavior != Behavior::isolated && cut.behavior != Behavior::removed);
}

}  // namespace

SafePairs::SafePairs(std::span<const Cut> cuts) : pairs_(kMostSymbols) {
    std::vector<SymbolSet> apart(kMostSymbols, SymbolSet().set());
    for (const Cut& cut : cuts) {
        if (reaches(cut)) return;
        const Pairs pairs(cut);
        const std::size_t symbols = cut.automaton.symbols();
        for (std::size_t a = kFirstCharacter; a < symbols; ++a) {
            for (std::size_t b = kFirstCharacter; b < symbols; ++b) {
                if (!apart[a][b]) continue;
                const Between found =
                    pairs.between(static_cast<Symbol>(a), static_cast<Symbol>(b));
                apart[a][b] = found.apart;
                if (found.cut) pairs_[a].set(b);
            }
        }
    }
}

bool SafePairs::any() const {
    return std::any_of(pairs_.begin(), pairs_.end(), [](const SymbolSet& of) { return of.any(); });
}

}  // namespace tokenry::pattern
