// Counts the distinct pretokens of documents, in as many threads as asked.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/text.hpp"
#include "learn/word_table.hpp"
#include "split/splitter.hpp"

namespace tokenry::learn {

using base::Text;

class WordCounter {
public:
    // `line_cuts`: the splitter always has a boundary between "\n" and an ASCII letter, so a long
    // document may be shared out between threads there.
    WordCounter(std::shared_ptr<const split::Splitter> splitter, bool line_cuts, unsigned threads);

    bool splits() const { return splitter_ != nullptr; }
    void add(const std::vector<Text>& documents);
    // Pretokens found elsewhere: text[starts[i], ends[i]).
    void add_ranges(Text text, const std::uint64_t* starts, const std::uint64_t* ends,
                    std::size_t count);
    void add_word(Text word, std::uint64_t count);

    // All words so far in one table; sums do not depend on which thread saw what.
    WordTable& table();

private:
    struct Part;
    std::vector<Part> parts_of(const std::vector<Text>& documents) const;
    void count(const Part& part, WordTable& table) const;

    std::shared_ptr<const split::Splitter> splitter_;
    bool line_cuts_;
    std::vector<WordTable> tables_;  // one a thread
};

}  // namespace tokenry::learn
