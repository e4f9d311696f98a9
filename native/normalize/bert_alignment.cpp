#include "normalize/bert_alignment.hpp"

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
        for (std::size_t i = place; i < place + more.size(); ++i) {
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

Aligned align_valid(bert::Options options, std::string_view text, std::size_t place) {
    Aligned now;
    now.add_unchanged(text, place);
    if (options.clean_text) now = by_character(now, {.clean_text = true});
    if (options.space_out_han) now = by_character(now, {.space_out_han = true});
    if (options.strip_accents) now = strip(now);
    if (options.lowercase) now = by_character(now, {.lowercase = true});
    return now;
}

}  // namespace

std::string align_bert(bert::Options options, std::string_view text, Places& starts, Places& ends) {
    Aligned all;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size()) {
            const std::size_t width = valid_width(bytes + end, text.size() - end);
            if (width == 0) break;
            end += width;
        }
        const Aligned part = align_valid(options, text.substr(at, end - at), at);
        all.keep(part, 0, part.text.size());
        if (end < text.size()) all.add_unchanged(text.substr(end, 1), end);
        at = end + 1;
    }
    starts = std::move(all.starts);
    ends = std::move(all.ends);
    return std::move(all.text);
}

}  // namespace tokenry::normalize
