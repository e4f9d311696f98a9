#include "normalize/bert_alignment.hpp"

#include <algorithm>
#include <array>

#include "base/interrupts.hpp"
#include "normalize/bert.hpp"
#include "normalize/grapheme.hpp"
#include "normalize/utf8.hpp"

namespace tokenry::normalize {
namespace {

using Places = std::vector<std::int64_t>;

// Text, and where each of its bytes comes from.
struct Aligned {
    std::string text;
    Places starts, ends;

    const std::uint8_t* bytes() const { return reinterpret_cast<const std::uint8_t*>(text.data()); }
    void add_unchanged(std::string_view more, std::size_t place) {
        text += more;
        add_places(place, more.size());
    }
    void add_places(std::size_t place, std::size_t size) {
        for (std::size_t i = place; i < place + size; ++i) {
            starts.push_back(static_cast<std::int64_t>(i));
            ends.push_back(static_cast<std::int64_t>(i + 1));
        }
    }
    void keep(const Aligned& from, std::size_t begin, std::size_t end) {
        text.append(from.text, begin, end - begin);
        for (std::size_t i = begin; i < end; ++i) {
            starts.push_back(from.starts[i]);
            ends.push_back(from.ends[i]);
        }
    }
    // `changed` in place of what stands in [begin, end).
    void put(const Aligned& from, std::size_t begin, std::size_t end, std::string_view changed) {
        text += changed;
        starts.insert(starts.end(), changed.size(), from.starts[begin]);
        ends.insert(ends.end(), changed.size(), from.ends[end - 1]);
    }
};

// Normalises each character by itself.
Aligned by_character(const Aligned& from, bert::Options options) {
    const BertNormalizer normalizer(options);
    Aligned to;
    base::Paced pace;
    for (std::size_t at = 0; at < from.text.size(); pace.step()) {
        const std::size_t end = at + utf8_width(from.bytes()[at]);
        const std::string_view old = std::string_view(from.text).substr(at, end - at);
        const std::string changed = normalizer.normalize(old);
        if (changed == old)
            to.keep(from, at, end);
        else
            to.put(from, at, end, changed);
        at = end;
    }
    return to;
}

// Whether decomposing changes valid text.
bool decomposing_changes(std::string_view text) {
    std::uint32_t before = 0;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    for (std::size_t at = 0; at < text.size(); at += utf8_width(bytes[at])) {
        const std::uint32_t code = decode(bytes + at, utf8_width(bytes[at]));
        if (!(bert::record(code) & bert::kStripped)) {
            before = 0;
            continue;
        }
        const std::uint32_t order = bert::combining(code);
        if (bert::decomposes(code) || (order > 0 && order < before)) return true;
        before = order;
    }
    return false;
}

Aligned strip(const Aligned& from) {
    const bert::Options accents{.strip_accents = true};
    const BertNormalizer normalizer(accents);
    Aligned to;
    const std::size_t size = from.text.size();
    base::Paced pace;
    for (std::size_t at = 0; at < size; pace.step()) {
        const bool alone = from.bytes()[at] < 0x80 && (at + 1 == size || from.bytes()[at + 1] < 0x80);
        const std::size_t end = at + (alone ? 1 : cluster_width(from.bytes() + at, size - at));
        const std::string_view cluster = std::string_view(from.text).substr(at, end - at);
        if (alone || !decomposing_changes(cluster))
            for (std::size_t width; at < end; at += width) {
                width = utf8_width(from.bytes()[at]);
                const std::uint32_t code = decode(from.bytes() + at, width);
                const bool dropped =
                    bert::record(code) & bert::kStripped && bert::stripped(code).size == 0;
                if (!dropped) to.keep(from, at, at + width);
            }
        else
            to.put(from, at, end, normalizer.normalize(cluster));
        at = end;
    }
    return to;
}

Aligned align_stretch(bert::Options options, std::string_view text, std::size_t place) {
    Aligned now;
    now.add_unchanged(text, place);
    // Both look at a character by itself.
    if (options.clean_text || options.space_out_han)
        now = by_character(
            now, {.clean_text = options.clean_text, .space_out_han = options.space_out_han});
    if (options.strip_accents) now = strip(now);
    if (options.lowercase) now = by_character(now, {.lowercase = true});
    return now;
}

// What all steps make of ASCII characters that they keep.
struct Plain {
    explicit Plain(bert::Options options) {
        const BertNormalizer normalizer(options);
        for (std::size_t code = 0; code < to.size(); ++code) {
            const char character = static_cast<char>(code);
            const std::string made = normalizer.normalize(std::string_view(&character, 1));
            kept[code] = made.size() == 1;
            if (kept[code]) to[code] = made[0];
        }
    }
    bool has(char byte) const {
        const auto code = static_cast<std::uint8_t>(byte);
        return code < 0x80 && kept[code];
    }

    std::array<char, 128> to{};
    std::array<bool, 128> kept{};
};

constexpr std::size_t kAtOnce = 1 << 18;

// Valid UTF-8 that begins at `place`. Between two plain characters no step joins anything, so that
// the steps are taken only for what stands between such pairs.
void align_valid(bert::Options options, const Plain& plain, std::string_view text,
                 std::size_t place, Aligned& all) {
    for (std::size_t at = 0; at < text.size();) {
        base::poll();
        std::size_t stop = at;
        const std::size_t most = std::min(text.size(), at + kAtOnce);
        while (stop < most && plain.has(text[stop])) ++stop;
        const bool all_plain = stop == most;
        if (stop < text.size() && stop > at) --stop;  // it may belong to what follows
        for (std::size_t i = at; i < stop; ++i)
            all.text += plain.to[static_cast<std::uint8_t>(text[i])];
        all.add_places(place + at, stop - at);
        if (all_plain) {
            at = stop;
            continue;
        }
        std::size_t end = stop + 1;
        while (end < text.size() &&
               !(plain.has(text[end]) && (end + 1 == text.size() || plain.has(text[end + 1]))))
            ++end;
        end = std::min(end + 1, text.size());
        const Aligned part = align_stretch(options, text.substr(stop, end - stop), place + stop);
        all.keep(part, 0, part.text.size());
        at = end;
    }
}

}  // namespace

std::string align_bert(bert::Options options, std::string_view text, Places& starts, Places& ends) {
    const Plain plain(options);
    Aligned all;
    all.starts.reserve(text.size());
    all.ends.reserve(text.size());
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        base::Paced pace;
        while (end < text.size()) {
            const std::size_t width = valid_width(bytes + end, text.size() - end);
            if (width == 0) break;
            end += width;
            pace.step();
        }
        align_valid(options, plain, text.substr(at, end - at), at, all);
        if (end < text.size()) all.add_unchanged(text.substr(end, 1), end);
        at = end + 1;
    }
    starts = std::move(all.starts);
    ends = std::move(all.ends);
    return std::move(all.text);
}

}  // namespace tokenry::normalize
