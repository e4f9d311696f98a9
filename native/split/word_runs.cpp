#include "split/word_runs.hpp"

#include <algorithm>

namespace tokenry::split {
namespace {

constexpr std::size_t kWords = 512;  // pretokens looked at in one call

// Writes ends of stretches, relative to where the call began.
class Stretches {
public:
    Stretches(std::size_t begin, std::uint32_t* ends, std::size_t capacity)
        : begin_(begin), open_(begin), ends_(ends), capacity_(capacity) {}

    // False where no more can be written.
    bool end_at(std::size_t place) {
        if (place - begin_ > kLongestPretoken) return false;
        ends_[count_++] = static_cast<std::uint32_t>(place - begin_);
        open_ = place;
        return count_ < capacity_;
    }

    bool add_word(std::size_t start, std::size_t stop) {
        return stop - open_ <= kLongestPretoken || start == open_ || end_at(start);
    }

    bool add_other(std::size_t start, std::size_t stop) {
        return (start == open_ || end_at(start)) && end_at(stop);
    }

    std::size_t open() const { return open_; }
    std::size_t count() const { return count_; }

private:
    std::size_t begin_, open_;
    std::uint32_t* ends_;
    std::size_t capacity_, count_ = 0;
};

}  // namespace

bool WordRunSplitter::is_word(const std::uint8_t* pretoken, std::size_t size) const {
    const std::uint8_t* const end = pretoken + size;
    while (pretoken < end) {
        const Char next = read(pretoken, end);
        if (next.mask & members_) return true;
        pretoken += next.width;
    }
    return false;
}

std::size_t WordRunSplitter::split(const std::uint8_t* text, std::size_t size, std::size_t begin,
                                   std::uint32_t* ends, std::size_t capacity) const {
    if (capacity == 0) return 0;
    std::uint32_t stops[kWords];
    // What lies behind the last end that fits is looked at in vain, so no more than that much.
    const std::size_t most = std::clamp<std::size_t>(capacity, 16, kWords);
    Stretches stretches(begin, ends, capacity);
    for (std::size_t start = begin; start < size;) {
        const std::size_t base = start;
        const std::size_t found = words_->split(text, size, base, stops, most);
        if (found == 0) break;
        for (std::size_t i = 0; i < found; ++i) {
            const std::size_t stop = base + stops[i];
            const bool more = is_word(text + start, stop - start)
                                  ? stretches.add_word(start, stop)
                                  : stretches.add_other(start, stop);
            if (!more) return stretches.count();
            start = stop;
        }
    }
    if (stretches.open() < size) stretches.end_at(size);
    return stretches.count();
}

}  // namespace tokenry::split
