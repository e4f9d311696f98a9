#include "learn/word_counter.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "base/thread_pool.hpp"

namespace tokenry {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;  // bytes that a thread takes at a time
constexpr std::size_t kBatch = 512;                   // pretokens looked up together

bool letter(std::uint8_t byte) { return (byte | 32) >= 'a' && (byte | 32) <= 'z'; }

// The first place at or after `from` between a newline and an ASCII letter.
std::size_t next_line(Text text, std::size_t from) {
    while (from < text.size) {
        const void* found = std::memchr(text.data + from, '\n', text.size - from);
        if (found == nullptr) break;
        from = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - text.data) + 1;
        if (from < text.size && letter(text.data[from])) return from;
    }
    return text.size;
}

std::vector<Text> pieces_of(const std::vector<Text>& documents, bool line_cuts) {
    std::vector<Text> pieces;
    for (Text rest : documents) {
        while (line_cuts && rest.size > 2 * kPiece) {
            const std::size_t cut = next_line(rest, kPiece);
            pieces.push_back({rest.data, cut});
            rest = {rest.data + cut, rest.size - cut};
        }
        if (rest.size > 0) pieces.push_back(rest);
    }
    return pieces;
}

}  // namespace

WordCounter::WordCounter(std::shared_ptr<const Splitter> splitter, bool line_cuts,
                         unsigned threads)
    : splitter_(std::move(splitter)), line_cuts_(line_cuts), tables_(threads > 0 ? threads : 1) {}

// Two passes a batch: the first asks for the cache lines that the second needs.
void WordCounter::count_piece(Text piece, WordTable& table) const {
    std::uint32_t ends[kBatch];
    WordTable::Key keys[kBatch];
    std::uint64_t hashes[kBatch];
    std::size_t begin = 0;
    while (begin < piece.size) {
        const std::size_t found = splitter_->split(piece.data, piece.size, begin, ends, kBatch);
        if (found == 0) break;
        std::size_t start = begin, shorts = 0;
        for (std::size_t i = 0; i < found; ++i) {
            const std::size_t end = begin + ends[i], size = end - start;
            if (size <= WordTable::kShort) {
                keys[shorts] = WordTable::pack(piece.data + start, size, piece.size - start);
                hashes[shorts] = WordTable::hash(keys[shorts]);
                table.prefetch(hashes[shorts++]);
            } else {
                ++table.at(piece.data + start, size, piece.size - start);
            }
            start = end;
        }
        for (std::size_t i = 0; i < shorts; ++i) ++table.at_short(keys[i], hashes[i]);
        begin = start;
    }
}

void WordCounter::add(const std::vector<Text>& documents) {
    const std::vector<Text> pieces = pieces_of(documents, line_cuts_);
    std::atomic<std::size_t> next{0};
    const std::size_t workers = std::min(tables_.size(), pieces.size());
    parallel_for(workers, static_cast<unsigned>(workers), [&](std::size_t worker) {
        for (std::size_t i; (i = next.fetch_add(1)) < pieces.size();) {
            count_piece(pieces[i], tables_[worker]);
        }
    });
}

void WordCounter::add_ranges(Text text, const std::uint64_t* starts, const std::uint64_t* ends,
                             std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        if (ends[i] <= starts[i]) continue;
        ++tables_[0].at(text.data + starts[i], ends[i] - starts[i], text.size - starts[i]);
    }
}

void WordCounter::add_word(Text word, std::uint64_t count) {
    if (word.size > 0) tables_[0].at(word.data, word.size, word.size) += count;
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

}  // namespace tokenry
