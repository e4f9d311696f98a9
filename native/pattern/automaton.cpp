#include "pattern/automaton.hpp"

#include <map>
#include <utility>

#include "pattern/threads.hpp"

namespace tokenry::pattern {
namespace {

// A table of a megabyte is more than any cache near a core holds; published patterns need 4 to 60 kB.
constexpr std::size_t kMostEntries = std::size_t{1} << 18;

// Finds states breadth first and numbers them; number 0 has no threads.
class Builder {
public:
    Builder(const Program& program, std::size_t symbols) : threads_(program), symbols_(symbols) {
        intern({}, kEdge);
    }

    std::uint32_t start(Symbol before) { return intern(threads_.start(before), before); }
    const Threads& threads() const { return threads_; }

    // Entries of the rows of all states that can be reached from those known.
    std::vector<std::uint32_t> table() {
        std::vector<std::uint32_t> entries;
        for (std::size_t number = 0; number < states_.size(); ++number)
            for (std::size_t symbol = 0; symbol < symbols_; ++symbol)
                entries.push_back(entry(number, static_cast<Symbol>(symbol)));
        return entries;
    }

private:
    struct State {
        Threads::List threads;
        Symbol before;  // kEdge where that does not matter
        auto operator<=>(const State&) const = default;
    };

    std::uint32_t intern(Threads::List threads, Symbol before) {
        State state{std::move(threads), before};
        if (state.threads.empty() || !threads_.asks_back_late()) state.before = kEdge;
        const auto [found, added] = numbers_.emplace(state, static_cast<std::uint32_t>(states_.size()));
        if (added) states_.push_back(std::move(state));
        if (states_.size() * symbols_ > kMostEntries)
            throw NotCompiled("it needs more than " + std::to_string(kMostEntries / symbols_) +
                              " states");
        return found->second;
    }

    std::uint32_t entry(std::size_t number, Symbol symbol) {
        const auto row = [&](std::size_t state) {
            return static_cast<std::uint32_t>(state * symbols_) << 1;
        };
        if (symbol == kInside) return row(number);
        bool ends = false;
        const State state = states_[number];
        Threads::List next = threads_.step(state.threads, state.before, symbol, ends);
        return row(intern(std::move(next), symbol)) | (ends ? 1 : 0);
    }

    Threads threads_;
    std::size_t symbols_;
    std::vector<State> states_;
    std::map<State, std::uint32_t> numbers_;
};

}  // namespace

Automaton::Automaton(const Program& program, std::size_t symbols) : symbols_(symbols) {
    Builder builder(program, symbols);
    looks_back_ = builder.threads().looks_back();
    for (std::size_t symbol = 0; symbol < symbols; ++symbol)
        if (symbol != kInside)
            starts_[symbol] = row(builder.start(static_cast<Symbol>(symbol)));
    table_ = builder.table();
    begins_[kEdge] = true;
    for (std::size_t before = 0; before < symbols; ++before) {
        for (std::size_t symbol = 0; symbol < symbols; ++symbol) {
            const Step first = step(starts_[before], static_cast<Symbol>(symbol));
            if (first.ends) throw NotCompiled("it matches empty text");
            if (symbol != kInside && first.next != 0) begins_[symbol] = true;
        }
    }
}

}  // namespace tokenry::pattern
