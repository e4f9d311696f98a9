// A splitter cuts text into pretokens, the stretches that merges never cross.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "base/buffer.hpp"
#include "split/finder.hpp"

namespace tokenry::split {

class Splitter : public Finder {
public:

    // Splits text[begin, size) where `begin` is a pretoken boundary. Writes at most `capacity`
    // pretoken ends, each relative to `begin`, ascending; returns how many. The stretch between
    // two ends is one pretoken, so the pretokens written cover text[begin, begin + ends[last]).
    // Calling again at begin + ends[last] continues exactly: boundaries depend only on what
    // follows a boundary. Returns 0 only when begin == size. Any bytes are allowed; a byte that
    // is not part of valid UTF-8 counts as one unassigned code point.
    // A pretoken that would exceed 2^31 bytes is cut there.
    virtual std::size_t split(const std::uint8_t* text, std::size_t size, std::size_t begin,
                              std::uint32_t* ends, std::size_t capacity) const = 0;

    std::unique_ptr<FinderScratch> make_scratch() const final {
        return std::make_unique<FoundEnds>();
    }

    Pretokens find(const std::uint8_t* text, std::size_t size, std::size_t begin,
                   FinderScratch& scratch) const override {
        return found(scratch, [&](std::uint32_t* ends, std::size_t capacity) {
            return split(text, size, begin, ends, capacity);
        });
    }

    std::size_t cut_near(const std::uint8_t* text, std::size_t size, std::size_t at,
                         FinderScratch& scratch) const final;
    bool cuts_are_certain() const final { return false; }

    // The name it was made by (see registry.hpp), or empty.
    const std::string& name() const { return name_; }
    void set_name(std::string name) { name_ = std::move(name); }

protected:
    // What cut(ends, capacity) finds, in the memory of a scratch.
    template <class Cut>
    static Pretokens found(FinderScratch& scratch, Cut cut) {
        std::uint32_t* const ends = static_cast<FoundEnds&>(scratch).ends;
        const std::size_t count = cut(ends + 1, FoundEnds::most);
        return {ends, ends + 1, count, ends[count]};
    }

private:
    // Where a pretoken begins is where the one before it ends; the first begins at 0.
    struct FoundEnds final : FinderScratch {
        static constexpr std::size_t most = 4096;
        FoundEnds() { ends[0] = 0; }
        std::uint32_t ends[most + 1];
    };

    std::string name_;
};

// Ends are 32 bits wide, so one call covers no more than this.
inline constexpr std::size_t kLongestPretoken = std::size_t{1} << 31;

// Appends the ends of the pretokens of text[begin, end), relative to `text`.
inline void append_ends(const Splitter& splitter, const std::uint8_t* text, std::size_t begin,
                        std::size_t end, base::Buffer<std::uint32_t>& ends) {
    if (begin == end) return;
    ends.reserve_more(end - begin);
    std::uint32_t* const first = ends.end();
    const std::size_t count = splitter.split(text + begin, end - begin, 0, first, end - begin);
    for (std::size_t i = 0; i < count; ++i) first[i] += static_cast<std::uint32_t>(begin);
    ends.set_size(ends.size() + count);
}

}  // namespace tokenry::split
