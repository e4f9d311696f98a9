// Splitters by their names, with errors that say which there are.
#pragma once
#include <memory>
#include <stdexcept>
#include <string>

#include "split/registry.hpp"

namespace tokenry::bindings {

inline std::unique_ptr<split::Splitter> splitter_named(const std::string& name,
                                                       base::Simd simd = base::best_simd()) {
    if (auto splitter = split::make_splitter(name, simd)) return splitter;
    std::string known;
    for (const std::string& other : split::splitter_names()) known += " " + other;
    throw std::invalid_argument("no splitter is named " + name + "; there are:" + known);
}

inline std::unique_ptr<split::WordRunSplitter> word_runs_named(const std::string& name) {
    if (auto splitter = split::make_word_runs(name)) return splitter;
    throw std::invalid_argument("no splitter of word runs is named " + name +
                                "; expected word_runs: or word_runs+numbers: and a splitter");
}

}  // namespace tokenry::bindings
