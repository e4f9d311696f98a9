#include "normalize/sequence.hpp"

#include <algorithm>

#include "normalize/stretches.hpp"
#include "normalize/utf8.hpp"

namespace tokenry::normalize {

std::size_t NormalizerSequence::growth() const {
    std::size_t growth = 1;
    for (const auto& step : steps_) growth *= step->growth();
    return growth;
}

bool NormalizerSequence::change_text(std::string_view text, std::string& result) const {
    std::string next;
    bool any = false;
    for (const auto& step : steps_) {
        if (!step->change(any ? std::string_view(result) : text, next)) continue;
        result.swap(next);
        any = true;
    }
    return any;
}

bool NormalizerSequence::change(std::string_view text, std::string& result) const {
    if (is_utf8(text)) return change_text(text, result);
    result = normalize(text);
    return true;
}

namespace {

// Places of a text that was made from the one that `earlier` places stand for, as those of the first
// text; see Alignment.after in tokenry.spans.
void take_back(Places& starts, Places& ends, const Places& earlier_starts, const Places& earlier_ends) {
    const auto size = static_cast<std::int64_t>(earlier_starts.size());
    for (std::size_t i = 0; i < starts.size(); ++i) {
        const std::int64_t start = starts[i], end = ends[i];
        if (size == 0) {
            starts[i] = ends[i] = 0;
            continue;
        }
        starts[i] = start >= size ? earlier_ends.back() : earlier_starts[static_cast<std::size_t>(start)];
        ends[i] = start == end ? starts[i]
                               : earlier_ends[static_cast<std::size_t>(std::min(end, size) - 1)];
        ends[i] = std::max(starts[i], ends[i]);
    }
}

}  // namespace

std::string NormalizerSequence::align_text(std::string_view text, Places& starts, Places& ends) const {
    std::string result(text), next;
    Places all_starts(text.size()), all_ends(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        all_starts[i] = static_cast<std::int64_t>(i);
        all_ends[i] = static_cast<std::int64_t>(i) + 1;
    }
    for (const auto& step : steps_) {
        if (!step->change(result, next) || next == result) continue;
        Places latest_starts, latest_ends;
        result = step->normalize(result, &latest_starts, &latest_ends);
        take_back(latest_starts, latest_ends, all_starts, all_ends);
        all_starts.swap(latest_starts);
        all_ends.swap(latest_ends);
    }
    starts.insert(starts.end(), all_starts.begin(), all_starts.end());
    ends.insert(ends.end(), all_ends.begin(), all_ends.end());
    return result;
}

std::string NormalizerSequence::normalize(std::string_view text, Places* starts, Places* ends) const {
    return change_valid(text, starts, ends, [&](std::string_view stretch, Places* s, Places* e) {
        if (s != nullptr) return align_text(stretch, *s, *e);
        std::string result;
        return change_text(stretch, result) ? result : std::string(stretch);
    });
}

}  // namespace tokenry::normalize
