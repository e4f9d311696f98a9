// Cuts one after the other, each in what the one before it left: the pre-tokenizers of a
// tokenizer.json.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "pattern/alphabet.hpp"
#include "pattern/cut.hpp"
#include "pattern/safe_pairs.hpp"
#include "split/finder.hpp"

namespace tokenry::pattern {

// Cuts that read text as the same symbols.
struct Stage {
    Alphabet alphabet;
    std::vector<Cut> cuts;
};

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

private:
    struct Scratch;

    std::size_t read(const std::uint8_t* text, std::size_t size, std::size_t begin,
                     Scratch& own) const;
    std::size_t last_safe(const Symbol* symbols, std::size_t from, std::size_t size) const;

    std::vector<Stage> stages_;
    SafePairs safe_;  // none where there are several stages
};

}  // namespace tokenry::pattern
