// A finder says where the pretokens of a text lie. They need not cover it: what a pattern removes is
// in none.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>

namespace tokenry::split {

// Pretoken i is [begins[i], ends[i]), relative to where the call began; ascending, none empty.
struct Pretokens {
    const std::uint32_t* begins;
    const std::uint32_t* ends;
    std::size_t count;
    std::size_t covered;  // bytes that these are all the pretokens of
};

// Working memory that a thread reuses between texts; each finder makes its own kind.
struct FinderScratch {
    virtual ~FinderScratch() = default;
};

class Finder {
public:
    virtual ~Finder() = default;
    virtual std::unique_ptr<FinderScratch> make_scratch() const = 0;

    // The pretokens of a stretch of text[begin, size), where `begin` is 0 or where the stretch of the
    // call before ended. They live in `scratch` until the next call. Any bytes are allowed, and at
    // most 2^31 of them are covered; none only when begin == size.
    virtual Pretokens find(const std::uint8_t* text, std::size_t size, std::size_t begin,
                           FinderScratch& scratch) const = 0;

    // For a text that several threads share (encode/stretches.hpp). A place a little behind `at`
    // where one stretch may end and another begin; 0 where none is known.
    virtual std::size_t cut_near(const std::uint8_t* text, std::size_t size, std::size_t at,
                                 FinderScratch& scratch) const = 0;
    // Whether such a place is certain: what stands on either side has no say in the other. Else it is
    // likely, and is one where a pretoken that was found from the beginning on ends there: `find` may
    // then begin at the end of any pretoken.
    virtual bool cuts_are_certain() const = 0;
};

}  // namespace tokenry::split
