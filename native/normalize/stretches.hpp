// Text as stretches that are UTF-8 and stretches that are not.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "normalize/normalizer.hpp"
#include "normalize/utf8.hpp"

namespace tokenry::normalize {

// Calls use(begin, end) for the longest stretches that are UTF-8, in order.
template <typename Use>
void each_valid(std::string_view text, Use use) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    std::size_t begin = 0;
    for (std::size_t at = 0; at < text.size();) {
        at += ascii_width(bytes + at, text.size() - at);
        if (at == text.size()) break;
        const auto width = valid_width(bytes + at, text.size() - at);
        if (width == 0 && begin < at) use(begin, at);
        at += width == 0 ? 1 : width;
        if (width == 0) begin = at;
    }
    if (begin < text.size()) use(begin, text.size());
}

// What change(stretch, starts, ends) makes of each stretch that is UTF-8; other bytes stay. `starts` and
// `ends` as in Normalizer::normalize.
template <typename Change>
std::string change_valid(std::string_view text, Places* starts, Places* ends, Change change) {
    std::string result;
    std::size_t done = 0;
    const auto shift = [](Places* places, std::size_t before, std::size_t by) {
        for (std::size_t i = before; i < places->size(); ++i) (*places)[i] += static_cast<std::int64_t>(by);
    };
    const auto stay = [&](std::size_t end) {
        result.append(text, done, end - done);
        for (; done < end; ++done) {
            if (starts == nullptr) continue;
            starts->push_back(static_cast<std::int64_t>(done));
            ends->push_back(static_cast<std::int64_t>(done) + 1);
        }
    };
    each_valid(text, [&](std::size_t begin, std::size_t end) {
        stay(begin);
        const std::size_t before = starts == nullptr ? 0 : starts->size();
        result += change(text.substr(begin, end - begin), starts, ends);
        if (starts != nullptr) shift(starts, before, begin), shift(ends, before, begin);
        done = end;
    });
    stay(text.size());
    return result;
}

}  // namespace tokenry::normalize
