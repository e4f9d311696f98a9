#include "normalize/precompiled.hpp"

#include "base/interrupts.hpp"
#include "normalize/grapheme.hpp"
#include "normalize/stretches.hpp"
#include "normalize/utf8.hpp"

namespace tokenry::normalize {
namespace {

constexpr std::size_t kLongestCluster = 5;

struct Output {
    std::string text;
    Places *starts, *ends;

    void append(std::string_view bytes, std::size_t begin, std::size_t end) {
        text.append(bytes);
        if (!starts) return;
        starts->insert(starts->end(), bytes.size(), std::int64_t(begin));
        ends->insert(ends->end(), bytes.size(), std::int64_t(end));
    }
};

void append_character(const Charsmap& map, std::string_view text, std::size_t at, std::size_t width,
                      Output& output) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data()) + at;
    const auto rule = map.shortest(bytes, width);
    output.append(rule.length ? rule.text : text.substr(at, width), at, at + width);
}

// Whether the character at `at` is a cluster of its own, told without looking at tables.
bool alone(const std::uint8_t* bytes, std::size_t at, std::size_t size) {
    return bytes[at] < 0x80 && bytes[at] != '\r' && (at + 1 == size || bytes[at + 1] < 0x80);
}

}  // namespace

std::string apply_precompiled(const Charsmap& map, std::string_view text, Places* starts, Places* ends) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto size = text.size();
    Output output{{}, starts, ends};
    output.text.reserve(size + size / 8);
    base::Paced pace;
    for (std::size_t at = 0; at < size; pace.step()) {
        const auto width = alone(bytes, at, size) ? 1 : cluster_width(bytes + at, size - at);
        const auto end = at + width;
        const bool several = width > utf8_width(bytes[at]);
        const auto rule = several && width <= kLongestCluster ? map.shortest(bytes + at, width)
                                                              : Replacement{};
        if (rule.length) output.append(rule.text, at, end), at = end;
        while (at < end) {
            const auto step = utf8_width(bytes[at]);
            append_character(map, text, at, step, output);
            at += step;
        }
    }
    return std::move(output.text);
}

std::string PrecompiledNormalizer::normalize(std::string_view text, Places* starts,
                                             Places* ends) const {
    return change_valid(text, starts, ends, [&](std::string_view stretch, Places* s, Places* e) {
        return apply_precompiled(*map_, stretch, s, e);
    });
}

}  // namespace tokenry::normalize
