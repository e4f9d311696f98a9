// Cuts one after the other, each in what the one before it left: the pre-tokenizers of a
// tokenizer.json.
#pragma once
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "pattern/alphabet.hpp"
#include "pattern/cut.hpp"
#include "pattern/safe_pairs.hpp"
#include "pattern/safe_words.hpp"
#include "split/finder.hpp"

namespace tokenry::pattern {

// Cuts that read text as the same symbols.
struct Stage {
    Alphabet alphabet;
    std::vector<Cut> cuts;
};

inline constexpr std::size_t kAscii = 128;

class Cascade final : public split::Finder {
public:
    explicit Cascade(std::vector<Stage> stages);

    std::unique_ptr<split::FinderScratch> make_scratch() const override;
    // A stretch ends where every cut ends what it does, so that memory is bounded; where the patterns
    // have no such place, it is the whole text.
    split::Pretokens find(const std::uint8_t* text, std::size_t size, std::size_t begin,
                          split::FinderScratch& scratch) const override;
    std::size_t cut_near(const std::uint8_t* text, std::size_t size, std::size_t at,
                         split::FinderScratch& scratch) const override;
    bool cuts_are_certain() const override { return true; }

    // What finds the places at which text may be taken apart.
    SafeWords words() const { return {stages_.front().alphabet, safe_.sets()}; }
    // The same for text that is changed before it is cut, between characters of ASCII alone: each is
    // changed to becomes[each], no ASCII where that is not known, and pairs in `joined` are not
    // changed apart.
    SafeWords words(std::span<const std::uint8_t, kAscii> becomes,
                    std::span<const std::bitset<kAscii>, kAscii> joined) const;

private:
    struct Scratch;

    bool safe_between(std::uint8_t before, std::uint8_t behind) const;

    std::size_t read(const std::uint8_t* text, std::size_t size, std::size_t begin,
                     Scratch& own) const;
    std::size_t last_safe(const Symbol* symbols, std::size_t from, std::size_t size) const;

    std::vector<Stage> stages_;
    SafePairs safe_;
};

}  // namespace tokenry::pattern
