// Matchers of the splitters that are not regular expressions of the GPT family.
#include <cstring>

#include "split/characters.hpp"

namespace tokenry::split::scalar {

namespace {

Pointer find_space(Pointer text, Pointer end) {
    if (text == end) return end;
    const void* found = std::memchr(text, ' ', static_cast<std::size_t>(end - text));
    return found ? static_cast<Pointer>(found) : end;
}

bool is_mark(Pointer text, Pointer end) {
    constexpr Mask kMarks = unicode::kPunctuation;
    return at(text, end, *text < 0x80 ? kMarks | unicode::kSymbol : kMarks);
}

}  // namespace

Pointer whole(Pointer, Pointer end) { return end; }

Pointer space_prefix(Pointer text, Pointer end) {
    while (text < end && *text == ' ') ++text;
    return find_space(text, end);
}

Pointer metaspace(Pointer text, Pointer end) { return find_space(text + 1, end); }

Pointer digits(Pointer text, Pointer end) {
    if (at(text, end, unicode::kNumber)) return text + read(text, end).width;
    return skip(text, end, ~unicode::kNumber);
}

Pointer digit_runs(Pointer text, Pointer end) {
    return skip(text, end, at(text, end, unicode::kNumber) ? unicode::kNumber : ~unicode::kNumber);
}

Pointer punctuation_marks(Pointer text, Pointer end) {
    Pointer stop = text + read(text, end).width;
    if (is_mark(text, end)) return stop;
    while (stop < end && !is_mark(stop, end)) stop += read(stop, end).width;
    return stop;
}

}  // namespace tokenry::split::scalar
