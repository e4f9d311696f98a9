#include "pattern/automaton.hpp"

#include <bit>
#include <cstring>
#include <map>
#include <utility>


namespace tokenry::pattern {

// A table of a megabyte is more than any cache near a core holds; published patterns need 4 to 60 kB.
static constexpr std::size_t kMostEntries = std::size_t{1} << 18;

// Finds states breadth first and numbers them; number 0 has no threads.
class Builder {
public:
    Builder(const Program& program, std::size_t symbols, unsigned flags, Threads::Search search)
        : threads_(program, search), symbols_(symbols), flags_(flags) {
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
            return static_cast<std::uint32_t>(state * symbols_) << flags_;
        };
        if (symbol == kInside) return row(number);
        bool ends = false;
        const State state = states_[number];
        Threads::List next = threads_.step(state.threads, state.before, symbol, ends);
        return row(intern(std::move(next), symbol)) | (ends ? 1 : 0);
    }

    Threads threads_;
    std::size_t symbols_;
    unsigned flags_;  // below the row in an entry
    std::vector<State> states_;
    std::map<State, std::uint32_t> numbers_;
};

Automaton::Automaton(const Program& program, std::size_t symbols, const SymbolSet& edges,
                     Threads::Search search)
    : symbols_(std::bit_ceil(symbols)), shift_(static_cast<unsigned>(std::countr_zero(symbols_))) {
    Builder builder(program, symbols_, kFlags, search);
    looks_back_ = builder.threads().looks_back();
    find_starts(builder, edges);
    find_runs();
}

void Automaton::find_starts(Builder& builder, const SymbolSet& edges) {
    for (std::size_t before = 0; before < symbols_; ++before)
        if (before != kInside) starts_[before] = row(builder.start(static_cast<Symbol>(before)));
    table_ = builder.table();
    SymbolSet none;
    for (std::size_t symbol = kInside; symbol < symbols_; ++symbol) none.set(symbol, !edges[symbol]);
    for (std::size_t before = 0; before < symbols_; ++before) {
        for (std::size_t symbol = 0; symbol < symbols_; ++symbol) {
            const Step first = step(starts_[before], static_cast<Symbol>(symbol));
            empty_ = empty_ || first.ends;
            if (symbol == kInside || (first.next == 0 && !first.ends)) continue;
            none.reset(symbol);
            begins_.set(symbol);
        }
    }
    no_begin_ = SymbolRun(none);
}

// Whether a state stays in itself for some characters, so that a run of them may be passed at once.
bool Automaton::stays(Row row, Run& run) const {
    SymbolSet members;
    members.set(kInside);
    bool some = false;
    for (std::size_t symbol = kFirstCharacter; symbol < symbols_; ++symbol) {
        const Step each = step(row, static_cast<Symbol>(symbol));
        if (each.next != row || (some && each.ends != run.ends)) continue;
        run.ends = each.ends;
        some = true;
        members.set(symbol);
    }
    run.symbols = SymbolRun(members);
    return some;
}

// Where the last character begins that begins in [at, stop), or `otherwise`.
static const Symbol* last_character(const Symbol* at, const Symbol* stop, const Symbol* otherwise) {
    while (stop > at)
        if (*--stop != kInside) return stop;
    return otherwise;
}

void Automaton::find_runs() {
    runs_.resize(rows());
    std::vector<bool> has(rows());
    for (std::size_t number = 1; number < rows(); ++number)
        has[number] = stays(row(number), runs_[number]);
    for (std::uint32_t& entry : table_)
        if (has[entry >> (kFlags + shift_)]) entry |= kRuns;
}

const Symbol* Automaton::match(const Symbol* from, Row row, const Symbol*& decided) const {
    const Symbol* found = nullptr;
    const Symbol* at = from;
    // What a step waits for is its entry alone: the flags below a row are those of four bytes.
    static_assert(sizeof(std::uint32_t) == 1u << kFlags);
    const char* const table = reinterpret_cast<const char*>(table_.data());
    const auto entry_at = [table](std::uint32_t offset, Symbol symbol) {
        std::uint32_t entry;
        std::memcpy(&entry, table + std::size_t{symbol} * sizeof entry + offset, sizeof entry);
        return entry;
    };
    for (std::uint32_t offset = row << kFlags;;) {
        const std::uint32_t entry = entry_at(offset, *at);
        found = entry & kEnds ? at : found;
        offset = entry & ~(kEnds | kRuns);
        if (offset == 0) break;
        ++at;
        if ((entry & kRuns) == 0) continue;
        const Run& run = runs_[offset >> (kFlags + shift_)];
        const Symbol* const stop = run.symbols.end(at);
        if (run.ends && (entry_at(offset, *stop) & kEnds) == 0)
            found = last_character(at, stop, found);
        at = stop;
    }
    decided = at;
    return found;
}

}  // namespace tokenry::pattern
