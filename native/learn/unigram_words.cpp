#include "learn/unigram_words.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <unordered_map>

#include "base/utf8.hpp"

namespace tokenry::learn {
namespace {

constexpr std::size_t kPadding = 16;
constexpr std::size_t kMost = 0xFFFFFF00;  // positions have 32 bits

struct Entry {
    std::uint32_t offset, size;
    std::uint64_t count;
};

}  // namespace

UnigramWords::UnigramWords(const WordTable& table) {
    std::vector<std::uint8_t> held;
    std::vector<Entry> entries;
    table.for_each([&](const std::uint8_t* word, std::size_t size, std::uint64_t count) {
        if (count == 0) return;
        if (held.size() + size > kMost)
            throw std::invalid_argument("the distinct pretokens have more than 4 GB in all");
        entries.push_back({std::uint32_t(held.size()), std::uint32_t(size), count});
        held.insert(held.end(), word, word + size);
    });
    const auto text = [&](const Entry& entry) {
        return std::string_view(reinterpret_cast<const char*>(held.data()) + entry.offset,
                                entry.size);
    };
    std::sort(entries.begin(), entries.end(),
              [&](const Entry& a, const Entry& b) { return text(a) < text(b); });
    bytes_.reserve(held.size() + kPadding);
    offsets_.push_back(0);
    for (const Entry& entry : entries) {
        const auto* from = held.data() + entry.offset;
        bytes_.insert(bytes_.end(), from, from + entry.size);
        offsets_.push_back(std::uint32_t(bytes_.size()));
        counts_.push_back(entry.count);
        weight_ += double(entry.count) * entry.size;
    }
    bytes_.resize(bytes_.size() + kPadding);
}

std::vector<UnigramWords::Character> UnigramWords::characters() const {
    std::unordered_map<std::uint32_t, std::uint64_t> counts;
    for (std::size_t word = 0; word < size(); ++word) {
        for (std::size_t at = begin(word); at < end(word);) {
            const auto width = base::character_size(data() + at, end(word) - at);
            std::uint32_t key = 0;
            for (std::size_t i = 0; i < 4; ++i) key = key << 8 | (i < width ? data()[at + i] : 0);
            counts[key] += count(word);
            at += width;
        }
    }
    std::vector<std::pair<std::uint32_t, std::uint64_t>> ordered(counts.begin(), counts.end());
    std::sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) {
        return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    std::vector<Character> found;
    for (const auto& [key, count] : ordered) {
        Character character{{}, 0, count};
        for (std::size_t i = 0; i < 4; ++i)
            character.bytes[i] = std::uint8_t(key >> (24 - 8 * i));
        character.width = std::uint8_t(base::character_size(character.bytes, 4));
        found.push_back(character);
    }
    return found;
}

}  // namespace tokenry::learn
