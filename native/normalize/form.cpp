#include "normalize/form.hpp"

#include <algorithm>

#include "base/interrupts.hpp"
#include "normalize/grapheme.hpp"
#include "normalize/stretches.hpp"
#include "normalize/utf8.hpp"
#include "unicode/utf8.hpp"

namespace tokenry::normalize {

namespace forms = unicode::forms;
using unicode::Character;
using unicode::kInvalid;

namespace {

forms::Kind kind_of(const Character& character) {
    return character.code == kInvalid ? forms::Kind{0, 0} : forms::kind(character.code);
}

// The blocks of 64 code points that characters with a first byte of two or three bytes are in.
struct Blocks {
    std::size_t first, count;
};

Blocks blocks_of(std::uint8_t lead) {
    return lead < 0xE0 ? Blocks{lead & 0x1Fu, 1} : Blocks{(lead & 0x0Fu) << 6, 64};
}

}  // namespace

FormNormalizer::FormNormalizer(Form form)
    : compatible_(form == Form::nfkc || form == Form::nfkd),
      composes_(form == Form::nfc || form == Form::nfkc),
      changes_(form == Form::nfc    ? forms::kNfc
               : form == Form::nfkc ? forms::kNfkc
               : form == Form::nfd  ? forms::kNfd
                                    : forms::kNfkd),
      joins_(compatible_ ? forms::kJoinsCompatible : forms::kJoins) {
    const auto unsure = [&](std::size_t block) {
        for (std::uint32_t code = 0; code < unicode::kBlock; ++code) {
            const auto kind = forms::kind(static_cast<std::uint32_t>(block * unicode::kBlock) + code);
            if (kind.order != 0 || (kind.flags & changes_) != 0) return true;
        }
        return false;
    };
    for (unsigned lead = 0xC2; lead < 0xF0; ++lead) {
        const auto [first, count] = blocks_of(static_cast<std::uint8_t>(lead));
        bool any = false;
        for (std::size_t i = 0; i < count && !any; ++i) any = unsure(first + i);
        if (any) leads_.add(static_cast<std::uint8_t>(lead));
    }
    for (unsigned lead = 0xF0; lead < 0xF5; ++lead) leads_.add(static_cast<std::uint8_t>(lead));
}

// The next character that may change, by itself or with what stands before it, or the end.
FormNormalizer::Place FormNormalizer::next_unsure(Place at, Place end) const {
    std::uint8_t last = 0;  // the order of the character that ends at `behind`
    Place behind = at;
    for (;;) {
        if (at == end) return end;
        if (!leads_.has(*at)) {
            at = leads_.find(at + 1, end);
            continue;
        }
        const Character character = unicode::decode(at, end);
        const forms::Kind kind = kind_of(character);
        if ((kind.flags & changes_) != 0) return at;
        if (kind.order != 0 && at == behind && kind.order < last) return at;
        last = kind.order;
        behind = at += character.width;
    }
}

bool FormNormalizer::joins(Place at, Place end) const {
    return (kind_of(unicode::decode(at, end)).flags & joins_) != 0;
}

// Where the stretch of the character at `at` begins; all before `first` is done.
FormNormalizer::Place FormNormalizer::begin_of(Place at, Place first, Place end) const {
    while (at > first && joins(at, end)) {
        Place before = at - 1;
        while (before > first && at - before < 4 && is_continuation(*before)) --before;
        const Character character = unicode::decode(before, end);
        if (character.code == kInvalid || before + character.width != at) break;
        at = before;
    }
    return at;
}

// Where the stretch ends whose last known character ends at `at`.
FormNormalizer::Place FormNormalizer::end_of(Place at, Place end) const {
    while (at < end && joins(at, end)) at += unicode::decode(at, end).width;
    return at;
}

namespace {

// Puts marks behind each character of order 0 in the order of their classes.
template <typename Part>
void reorder(std::vector<Part>& parts) {
    for (auto at = parts.begin(); at != parts.end();) {
        if (at->order == 0) {
            ++at;
            continue;
        }
        const auto end = std::find_if(at, parts.end(), [](const Part& part) { return part.order == 0; });
        if (!std::is_sorted(at, end, [](const Part& a, const Part& b) { return a.order < b.order; }))
            std::stable_sort(at, end, [](const Part& a, const Part& b) { return a.order < b.order; });
        at = end;
    }
}

// Composes each mark with the last character of order 0, unless one of the same class or a higher one
// stands between them.
template <typename Part>
void compose(std::vector<Part>& parts) {
    constexpr std::size_t none = ~std::size_t{0};
    std::size_t starter = none, kept = 0;
    unsigned last = 0;
    for (const Part part : parts) {
        const bool open = starter != none && (last == 0 || last < part.order);
        const auto composed = open ? forms::compose(parts[starter].code, part.code) : 0;
        if (composed != 0) {
            parts[starter].code = composed;
            continue;
        }
        if (part.order == 0) starter = kept;
        last = part.order;
        parts[kept++] = part;
    }
    parts.resize(kept);
}

}  // namespace

// What a stretch becomes; it lives in `work`.
std::string_view FormNormalizer::changed(Place begin, Place end, Work& work) const {
    work.codes.clear();
    work.parts.clear();
    for (Place at = begin; at < end;) {
        const Character character = unicode::decode(at, end);
        forms::decompose(character.code, compatible_, work.codes);
        at += character.width;
    }
    for (const std::uint32_t code : work.codes) work.parts.push_back({code, forms::kind(code).order});
    reorder(work.parts);
    if (composes_) compose(work.parts);
    work.text.resize(4 * work.parts.size());
    auto* to = reinterpret_cast<std::uint8_t*>(work.text.data());
    std::size_t size = 0;
    for (const Part& part : work.parts) size += encode(part.code, to + size);
    return {work.text.data(), size};
}

void FormNormalizer::edit(std::string_view text, Edits& edits) const {
    const Place begin = reinterpret_cast<Place>(text.data()), end = begin + text.size();
    Work work;
    base::Paced pace;
    Place done = begin;
    while (true) {
        const Place at = next_unsure(done, end);
        if (at == end) return;
        const Place from = begin_of(at, done, end);
        done = end_of(at + unicode::decode(at, end).width, end);
        edits.replace(static_cast<std::size_t>(from - begin), static_cast<std::size_t>(done - begin),
                      changed(from, done, work));
        pace.step();
    }
}

// Appends what each cluster of valid UTF-8 becomes by itself.
void FormNormalizer::align_clusters(std::string_view text, Edits& edits) const {
    const Place bytes = reinterpret_cast<Place>(text.data());
    std::string with;
    base::Paced pace;
    for (std::size_t at = 0; at < text.size(); pace.step()) {
        const std::size_t left = text.size() - at;
        if (bytes[at] < 0x80 && (left == 1 || bytes[at + 1] < 0x80)) {
            ++at;
            continue;
        }
        const std::size_t width = cluster_width(bytes + at, left);
        if (change(text.substr(at, width), with)) edits.replace(at, at + width, with);
        at += width;
    }
}

// As one piece where the clusters do not add up: half-width jamo compose.
void FormNormalizer::align(std::string_view text, Edits& edits) const {
    std::string whole, parts;
    if (!change(text, whole)) return;
    Edits trial(text, parts);
    align_clusters(text, trial);
    if (trial.finish() && parts == whole)
        align_clusters(text, edits);
    else
        edits.replace(0, text.size(), whole);
}

std::string FormNormalizer::normalize(std::string_view text, Places* starts, Places* ends) const {
    if (starts == nullptr) return Editor::normalize(text, starts, ends);
    std::string result;
    Edits edits(text, result, starts, ends);
    each_valid(text, [&](std::size_t begin, std::size_t end) {
        edits.count_from(begin);
        align(text.substr(begin, end - begin), edits);
    });
    return edits.finish() ? result : std::string(text);
}

}  // namespace tokenry::normalize
