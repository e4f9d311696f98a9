// The splitters that have names, a row each. A new one of the GPT family is a row and nothing else.
//
// Data only: what the files of all instruction sets share holds no code (see matchers.hpp).
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "split/matchers.hpp"
#include "split/rules.hpp"

namespace tokenry::split {

// What finds the cuts of a window of text in the vector paths (families.hpp).
enum class Windows : std::uint8_t { none, rules, superwords, space_runs, spaces };

// Where a splitter cuts, as far as anybody asks.
enum class Cuts : std::uint8_t { nowhere, before_spaces, anywhere };

struct SplitterRow {
    std::string_view name;
    Rules rules{};            // of the GPT family, which has no `match`
    Matcher match = nullptr;  // the scalar path of all others
    Windows windows = Windows::rules;
    // No pretoken holds a number unless it begins with one, or with a space and one.
    bool numbers_begin = true;
    Cuts cuts = Cuts::anywhere;
    // Its regular expression matches some of the pretokens only; the text between is the others.
    bool leaves_text = false;

    // (Not by `match == nullptr`, which g++ takes for no constant where it builds for a sanitizer.)
    constexpr bool has_rules() const { return windows == Windows::rules; }
    // Always a boundary between "\n" and an ASCII letter.
    constexpr bool cuts_lines() const { return has_rules(); }
};

inline constexpr SplitterRow kSplitters[] = {
    {.name = "whole", .match = scalar::whole, .windows = Windows::none, .numbers_begin = false,
     .cuts = Cuts::nowhere},
    // A contraction, a word, numbers a pretoken, what follows punctuation, newlines, final run.
    {.name = "gpt2",
     .rules = {Contraction::cased, Word::spaced, 0, Tail::none, false, false}},
    {.name = "cl100k",
     .rules = {Contraction::caseless, Word::prefixed, 3, Tail::newlines, true, true}},
    {.name = "llama3",
     .rules = {Contraction::caseless, Word::prefixed, 3, Tail::newlines, true, false}},
    {.name = "qwen2",
     .rules = {Contraction::caseless, Word::prefixed, 1, Tail::newlines, true, false}},
    {.name = "qwen3.5",
     .rules = {Contraction::caseless, Word::marked, 1, Tail::newlines, true, false}},
    {.name = "o200k",
     .rules = {Contraction::suffix, Word::cased, 3, Tail::newlines_slashes, true, false}},
    {.name = "kimi",
     .rules = {Contraction::suffix, Word::cased, 3, Tail::newlines, true, false, true},
     .numbers_begin = false},  // some Han characters are numbers
    {.name = "tekken",
     .rules = {Contraction::none, Word::cased, 1, Tail::newlines_slashes, true, false}},
    {.name = "superbpe-1",
     .rules = {Contraction::none, Word::cased, 3, Tail::newlines_slashes, true, false}},
    {.name = "superbpe", .match = scalar::superword, .windows = Windows::superwords,
     .leaves_text = true},
    {.name = "space_prefix", .match = scalar::space_prefix, .windows = Windows::space_runs,
     .numbers_begin = false, .cuts = Cuts::before_spaces},
    {.name = "metaspace", .match = scalar::metaspace, .windows = Windows::spaces,
     .numbers_begin = false, .cuts = Cuts::before_spaces},
    {.name = "digits", .match = scalar::digits, .windows = Windows::none},
    {.name = "digit_runs", .match = scalar::digit_runs, .windows = Windows::none},
    {.name = "punctuation", .match = scalar::punctuation_marks, .windows = Windows::none,
     .numbers_begin = false},
};
inline constexpr std::size_t kSplitterCount = std::size(kSplitters);

// The paths of a row, by its place. Vector paths are null where there is none for it.
Matcher scalar_matcher(std::size_t row);
SplitFunction scalar_split(std::size_t row);
SplitFunction portable_split(std::size_t row);
SplitFunction neon_split(std::size_t row);
SplitFunction avx2_split(std::size_t row);
SplitFunction avx512_split(std::size_t row);

}  // namespace tokenry::split
