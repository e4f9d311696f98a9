#include "learn/word_counter.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "base/thread_pool.hpp"

namespace tokenry::learn {
namespace {

constexpr std::size_t kPart = std::size_t{1} << 20;  // bytes that a thread takes at a time
constexpr std::size_t kBatch = 512;                   // pretokens looked up together

bool letter(std::uint8_t byte) { return (byte | 32) >= 'a' && (byte | 32) <= 'z'; }

// The first place at or after `from` between a newline and an ASCII letter.
std::size_t next_line(Text text, std::size_t from) {
    while (from < text.size()) {
        const void* found = std::memchr(text.data() + from, '\n', text.size() - from);
        if (found == nullptr) break;
        from = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - text.data()) + 1;
        if (from < text.size() && letter(text[from])) return from;
    }
    return text.size();
}

}  // namespace

// The part of a document that one thread counts. The splitter still sees what follows it, which
// decides how white space at its end is cut.
struct WordCounter::Part {
    Text document;
    std::size_t begin, end;
};

std::vector<WordCounter::Part> WordCounter::parts_of(const std::vector<Text>& documents) const {
    std::vector<Part> parts;
    for (const Text document : documents) {
        std::size_t begin = 0;
        while (line_cuts_ && document.size() - begin > 2 * kPart) {
            const std::size_t end = next_line(document, begin + kPart);
            parts.push_back({document, begin, end});
            begin = end;
        }
        if (begin < document.size()) parts.push_back({document, begin, document.size()});
    }
    return parts;
}

WordCounter::WordCounter(std::shared_ptr<const split::Splitter> splitter, bool line_cuts,
                         unsigned threads)
    : splitter_(std::move(splitter)), line_cuts_(line_cuts), tables_(threads > 0 ? threads : 1) {}

// Two passes a batch: the first asks for the cache lines that the second needs.
void WordCounter::count(const Part& part, WordTable& table) const {
    const Text text = part.document;
    std::uint32_t ends[kBatch];
    WordTable::Key keys[kBatch];
    std::uint64_t hashes[kBatch];
    std::size_t start = part.begin;
    while (start < part.end) {
        const std::size_t begin = start;
        const std::size_t found = splitter_->split(text.data(), text.size(), begin, ends, kBatch);
        std::size_t shorts = 0;
        for (std::size_t i = 0; i < found && start < part.end; ++i) {
            const std::size_t size = begin + ends[i] - start;
            if (size <= WordTable::kShort) {
                keys[shorts] = WordTable::pack(text.data() + start, size, text.size() - start);
                hashes[shorts] = WordTable::hash(keys[shorts]);
                table.prefetch(hashes[shorts++]);
            } else {
                ++table.at(text.data() + start, size, text.size() - start);
            }
            start += size;
        }
        for (std::size_t i = 0; i < shorts; ++i) ++table.at_short(keys[i], hashes[i]);
    }
}

void WordCounter::add(const std::vector<Text>& documents) {
    const std::vector<Part> parts = parts_of(documents);
    std::atomic<std::size_t> next{0};
    const std::size_t workers = std::min(tables_.size(), parts.size());
    base::parallel_for(workers, static_cast<unsigned>(workers), [&](std::size_t worker) {
        for (std::size_t i; (i = next.fetch_add(1)) < parts.size();) {
            count(parts[i], tables_[worker]);
        }
    });
}

void WordCounter::add_ranges(Text text, const std::uint64_t* starts, const std::uint64_t* ends,
                             std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        if (ends[i] <= starts[i]) continue;
        ++tables_[0].at(text.data() + starts[i], ends[i] - starts[i], text.size() - starts[i]);
    }
}

void WordCounter::add_word(Text word, std::uint64_t count) {
    if (word.size() > 0) tables_[0].at(word.data(), word.size(), word.size()) += count;
}

WordTable& WordCounter::table() {
    for (std::size_t i = 1; i < tables_.size(); ++i) {
        tables_[i].for_each([&](const std::uint8_t* word, std::size_t size, std::uint64_t count) {
            tables_[0].at(word, size, size) += count;
        });
        tables_[i] = WordTable();
    }
    return tables_[0];
}

}  // namespace tokenry::learn
