#include "pattern/matcher.hpp"

#include <algorithm>

namespace tokenry::pattern {

const Symbol* Matcher::match_knowing(const Symbol* from, Automaton::Row start) {
    const Symbol* found = nullptr;
    const Symbol* at = from;
    for (Automaton::Row row = start;; ++at) {
        if (is_checked(at) && in_vain_.contains(key(at, row))) break;
        const Automaton::Step step = automaton_.step(row, *at);
        if (step.ends) found = at;
        row = step.next;
        if (row == 0) break;
    }
    if (at - (found ? found : from) > kFar) remember(from, start, found, at);
    return found;
}

void Matcher::remember(const Symbol* from, Automaton::Row start, const Symbol* found,
                       const Symbol* stop) {
    const Symbol* const last = found ? found : from;
    Automaton::Row row = start;
    for (const Symbol* at = from; at < stop; ++at) {
        if (at > last && is_checked(at)) in_vain_.insert(key(at, row));
        row = automaton_.step(row, *at).next;
    }
    known_until_ = std::max(known_until_, stop);
}

}  // namespace tokenry::pattern
