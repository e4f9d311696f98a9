// Matches of an automaton in symbols, in time linear in their number for every pattern.
//
// A match may have to be looked for far beyond its end: `a*b|a` reads all of "aaaa..." for each "a".
// Where an attempt was in vain is remembered every 64 symbols, with the state it was in: an attempt
// that comes there in that state is in vain too (Reps 1998, "Maximal-munch tokenization in linear
// time", who remembers all places).
#pragma once
#include <cstddef>
#include <cstdint>
#include <unordered_set>

#include "pattern/automaton.hpp"

namespace tokenry::pattern {

class Matcher {
public:
    explicit Matcher(const Automaton& automaton) : automaton_(automaton) {}

    // Forgets what is known of symbols; call it when they change, or where they end.
    void forget() {
        if (known_until_ == nullptr) return;
        in_vain_.clear();
        known_until_ = nullptr;
    }

    // Where the match ends that begins at `from`, or null. kEdge must come behind.
    const Symbol* match(const Symbol* from, Automaton::Row start) {
        if (from < known_until_) return match_knowing(from, start);
        const Symbol* at;
        const Symbol* const found = automaton_.match(from, start, at);
        if (at - (found ? found : from) > kFar) remember(from, start, found, at);
        return found;
    }

private:
    static constexpr std::ptrdiff_t kFar = 64;

    static bool is_checked(const Symbol* at) {
        return reinterpret_cast<std::uintptr_t>(at) % kFar == 0;
    }
    static std::uint64_t key(const Symbol* at, Automaton::Row row) {
        return reinterpret_cast<std::uintptr_t>(at) / kFar << 20 | row;
    }

    // The same, looking for states that are known to be in vain.
    const Symbol* match_knowing(const Symbol* from, Automaton::Row start);
    // Nothing that was found behind `found` (or `from`) up to `stop` ended in a match.
    void remember(const Symbol* from, Automaton::Row start, const Symbol* found, const Symbol* stop);

    const Automaton& automaton_;
    const Symbol* known_until_ = nullptr;  // nothing is known of places from here on
    std::unordered_set<std::uint64_t> in_vain_;
};

}  // namespace tokenry::pattern
