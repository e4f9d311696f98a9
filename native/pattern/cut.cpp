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
    const Symbol* last = nullptr;  // where the match before ends
    for (const Symbol* at = first; (at = automaton.first_begin(at)) < end;) {
        const Automaton::Row start = looks_back ? automaton.start(before(first, at)) : usual;
        const Symbol* const stop = matcher.match(at, start);
        // An empty match right behind another one does not count.
        if (stop == nullptr || (stop == at && at == last)) {
            at = next_character(at);
            continue;
        }
        if (open < at) add(place(open), place(at), cut.invert);
        add(place(at), place(stop), !cut.invert);
        at = open = last = stop;
    }
    if (open < end) add(place(open), range.end, cut.invert);
}

// Only the first of several matches in a row joins what stands before.
template <class Parts>
struct MergePrevious {
    Parts& parts;
    const std::size_t before;  // parts that are none of this stretch
    bool matched = false;

    void operator()(std::uint32_t begin, std::uint32_t end, bool matches) {
        if (matches && !matched && parts.size() > before) parts.set_last_end(end);
        else parts.add(begin, end);
        matched = matches;
    }
};

// Only the last of several matches in a row joins what follows.
template <class Parts>
struct MergeNext {
    Parts& parts;
    bool matched = false;

    void operator()(std::uint32_t begin, std::uint32_t end, bool matches) {
        if (matched && !matches) parts.set_last_end(end);
        else parts.add(begin, end);
        matched = matches;
    }
};

template <class Parts>
struct MergeAlike {
    Parts& parts;
    const std::size_t before;
    bool matched = false;

    void operator()(std::uint32_t begin, std::uint32_t end, bool matches) {
        if (matches == matched && parts.size() > before) parts.set_last_end(end);
        else parts.add(begin, end);
        matched = matches;
    }
};

// Calls add(begin, end) for what the behaviour leaves; some may be empty where matches are.
template <class Parts>
void cut_into(const Cut& cut, Matcher& matcher, const Symbol* symbols, Range range, Parts& parts) {
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
        case Behavior::merged_with_previous: return each(MergePrevious<Parts>{parts, parts.size()});
        case Behavior::merged_with_next: return each(MergeNext<Parts>{parts});
        case Behavior::contiguous: return each(MergeAlike<Parts>{parts, parts.size()});
    }
}

// Parts of which some may be empty.
struct Parts {
    std::vector<Range>& found;

    void add(std::uint32_t begin, std::uint32_t end) { found.push_back({begin, end}); }
    void set_last_end(std::uint32_t end) { found.back().end = end; }
    std::size_t size() const { return found.size(); }
};

// Cuts a stretch, behind which kEdge stands.
void cut_stretch(const Cut& cut, CutScratch& scratch, const Symbol* symbols, Range range,
                 Ranges& parts) {
    const std::uint32_t base = cut.looks.any() ? range.begin : 0;
    if (cut.looks.any()) {
        cut.looks.note(symbols + base, range.end - base, scratch.bits, scratch.noted);
        symbols = scratch.noted.data();
    }
    scratch.matcher.forget();
    if (base == 0 && !cut.automaton.is_empty())
        return cut_into(cut, scratch.matcher, symbols, range, parts);
    scratch.with_empty.clear();
    Parts found{scratch.with_empty};
    cut_into(cut, scratch.matcher, symbols, {range.begin - base, range.end - base}, found);
    for (const Range& each : found.found)
        if (each.begin < each.end) parts.add(each.begin + base, each.end + base);
}

void cut_range(const Cut& cut, CutScratch& scratch, Symbol* symbols, Range range, Ranges& parts) {
    const Symbol behind = symbols[range.end];
    symbols[range.end] = kEdge;
    cut_stretch(cut, scratch, symbols, range, parts);
    symbols[range.end] = behind;
}

}  // namespace

void cut_ranges(const Cut& cut, CutScratch& scratch, Symbol* symbols, const Ranges& ranges,
                Ranges& parts) {
    if (cut.looks.any()) {
        for (std::size_t i = 0; i < ranges.size(); ++i)
            cut_range(cut, scratch, symbols, ranges[i], parts);
        return;
    }
    const bool keeps = cut.behavior != Behavior::removed || !cut.invert;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        // Stretches in which no match begins stay whole.
        const Symbol* const at = cut.automaton.first_begin(symbols + ranges[i].begin);
        const auto place = static_cast<std::uint32_t>(at - symbols);
        std::size_t next = i;
        while (next < ranges.size() && ranges[next].end <= place) ++next;
        if (keeps) parts.add(ranges, i, next);
        if (next < ranges.size()) cut_range(cut, scratch, symbols, ranges[next], parts);
        i = next;
    }
}

}  // namespace tokenry::pattern
