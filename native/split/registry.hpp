// Splitters by name: those of splitters.hpp, alone or with something around them.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/simd.hpp"
#include "split/splitter.hpp"
#include "split/word_runs.hpp"

namespace tokenry::split {

// Those of splitters.hpp.
std::vector<std::string> splitter_names();

// Null where no splitter has the name. "base+policy" is a base with another way to cut numbers (see
// numbers.hpp); word runs have the names of make_word_runs. A splitter without a path as wide as
// `simd` is given its widest one below.
std::unique_ptr<Splitter> make_splitter(std::string_view name, base::Simd simd = base::best_simd());

// "word_runs:" or "word_runs+numbers:" and the name of the splitter of words; null for any other
// name. With numbers, a pretoken that holds a number but no letter is a word too.
std::unique_ptr<WordRunSplitter> make_word_runs(std::string_view name);

// Whether the splitter of a name surely has a boundary between "\n" and an ASCII letter.
bool cuts_lines(std::string_view name);

}  // namespace tokenry::split
