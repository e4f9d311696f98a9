#include "pattern/cut.hpp"

namespace tokenry::pattern {
namespace {

// The symbol of the character that ends at `at`.
Symbol before(const Symbol* first, const Symbol* at) {
    if (at == first) return kEdge;
    do --at;
    while (*at == kInside && at > first);
    return *at;
}

const Symbol* next_character(const Symbol* at) {
    do ++at;
    while (*at == kInside);
    return at;
}

// Calls add(begin, end, matched) for the matches of a stretch and for what stands between.
template <class Add>
void each_part(const Cut& cut, Matcher& matcher, const Symbol* symbols, Range range, Add add) {
    const Automaton& automaton = cut.automaton;
    const Symbol* const first = symbols + range.begin;
    const Symbol* const end = symbols + range.end;
    const auto place = [&](const Symbol* at) { return static_cast<std::uint32_t>(at - symbols); };
    const Automaton::Row usual = automaton.start(kEdge);
    const bool looks_back = automaton.looks_back();
    const Symbol* open = first;
    for (const Symbol* at = first; (at = automaton.first_begin(at)) < end;) {
        const Automaton::Row start = looks_back ? automaton.start(before(first, at)) : usual;
        const Symbol* const stop = matcher.match(at, start);
        if (stop == nullptr) {
            at = next_character(at);
            continue;
        }
        if (open < at) add(place(open), place(at), cut.invert);
        add(place(at), place(stop), !cut.invert);
        at = open = stop;
    }
    if (open < end) add(place(open), range.end, cut.invert);
}

// Only the first of several matches in a row joins what stands before.
struct MergePrevious {
    Ranges& parts;
    const std::size_t before;  // parts that are none of this stretch
    bool matched = false;

    void operator()(std::uint32_t begin, std::uint32_t end, bool matches) {
        if (matches && !matched && parts.size() > before) parts.set_last_end(end);
        else parts.add(begin, end);
        matched = matches;
    }
};

// Only the last of several matches in a row joins what follows.
struct MergeNext {
    Ranges& parts;
    bool matched = false;

    void operator()(std::uint32_t begin, std::uint32_t end, bool matches) {
        if (matched && !matches) parts.set_last_end(end);
        else parts.add(begin, end);
        matched = matches;
    }
};

struct MergeAlike {
    Ranges& parts;
    const std::size_t before;
    bool matched = false;

    void operator()(std::uint32_t begin, std::uint32_t end, bool matches) {
        if (matches == matched && parts.size() > before) parts.set_last_end(end);
        else parts.add(begin, end);
        matched = matches;
    }
};

void cut_parts(const Cut& cut, Matcher& matcher, const Symbol* symbols, Range range,
               Ranges& parts) {
    const auto each = [&](auto add) { each_part(cut, matcher, symbols, range, add); };
    switch (cut.behavior) {
        case Behavior::isolated:
            return each([&](std::uint32_t begin, std::uint32_t end, bool) {
                parts.add(begin, end);
            });
        case Behavior::removed:
            return each([&](std::uint32_t begin, std::uint32_t end, bool matches) {
                if (!matches) parts.add(begin, end);
            });
        case Behavior::merged_with_previous: return each(MergePrevious{parts, parts.size()});
        case Behavior::merged_with_next: return each(MergeNext{parts});
        case Behavior::contiguous: return each(MergeAlike{parts, parts.size()});
    }
}

void cut_range(const Cut& cut, Matcher& matcher, Symbol* symbols, Range range, Ranges& parts) {
    const Symbol behind = symbols[range.end];
    symbols[range.end] = kEdge;
    matcher.forget();
    cut_parts(cut, matcher, symbols, range, parts);
    symbols[range.end] = behind;
}

}  // namespace

void cut_ranges(const Cut& cut, Matcher& matcher, Symbol* symbols, const Ranges& ranges,
                Ranges& parts) {
    const bool keeps = cut.behavior != Behavior::removed || !cut.invert;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        // Stretches in which no match begins stay whole.
        const Symbol* const at = cut.automaton.first_begin(symbols + ranges[i].begin);
        const auto place = static_cast<std::uint32_t>(at - symbols);
        std::size_t next = i;
        while (next < ranges.size() && ranges[next].end <= place) ++next;
        if (keeps) parts.add(ranges, i, next);
        if (next < ranges.size()) cut_range(cut, matcher, symbols, ranges[next], parts);
        i = next;
    }
}

}  // namespace tokenry::pattern
