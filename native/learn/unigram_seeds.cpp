#include "learn/unigram_seeds.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/compiler.hpp"
#include "base/thread_pool.hpp"
#include "base/utf8.hpp"

namespace tokenry::learn {
namespace {

constexpr std::size_t kFirstBytes = 256;

// A substring as long as a seed may be, cut at the end of its word or before a character that is
// left out. Sorted, they are a suffix array of bounded depth.
struct Suffix {
    std::uint64_t key;  // its first eight bytes, zero-padded; ordered as the bytes are
    std::uint32_t at;
    std::uint32_t word;
};

struct Node {
    std::uint32_t depth;
    std::uint32_t at;
    std::uint64_t count;
};

class SeedSearch {
public:
    SeedSearch(const UnigramWords& words, const SeedOptions& options)
        : words_(words), options_(options), sizes_(words.bytes()) {
        for (std::size_t word = 0; word < words.size(); ++word) measure(word);
        for (std::size_t byte = 0; byte < kFirstBytes; ++byte) starts_[byte + 1] += starts_[byte];
        places_.resize(starts_[kFirstBytes]);
        auto next = starts_;
        for (std::size_t word = 0; word < words.size(); ++word)
            for (std::size_t at = words.begin(word); at < words.end(word); ++at)
                if (sizes_[at])
                    places_[next[words.data()[at]]++] = {std::uint32_t(at), std::uint32_t(word)};
    }

    std::vector<UnigramSeed> run() {
        std::vector<std::vector<UnigramSeed>> found(kFirstBytes);
        constexpr std::size_t kWave = 16;
        for (std::size_t first = 0; first < kFirstBytes; first += kWave) {
            if (options_.pause) options_.pause();
            base::parallel_for(kWave, options_.threads,
                               [&](std::size_t i) { found[first + i] = seeds_from(first + i); });
        }
        std::vector<UnigramSeed> all;
        for (auto& each : found) {
            all.insert(all.end(), each.begin(), each.end());
            std::vector<UnigramSeed>().swap(each);
        }
        keep_best(all);
        return all;
    }

private:
    struct Place {
        std::uint32_t at, word;
    };

    // Notes how many bytes each suffix of a word has; 0 within a character, or where one that is
    // no part of a seed begins.
    void measure(std::size_t word) {
        ends_.clear();
        for (std::size_t at = words_.begin(word); at < words_.end(word);) {
            const auto width = base::character_size(words_.data() + at, words_.end(word) - at);
            if (left_out(at, width)) {
                close_run();
            } else {
                if (ends_.empty()) ends_.push_back(std::uint32_t(at));
                ends_.push_back(std::uint32_t(at + width));
            }
            at += width;
        }
        close_run();
    }

    bool left_out(std::size_t at, std::size_t width) const {
        if (width == 1) return words_.data()[at] >= 0x80;
        const auto* text = reinterpret_cast<const char*>(words_.data()) + at;
        return options_.left_out.contains(std::string_view(text, width));
    }

    void close_run() {
        for (std::size_t i = 0; i + 1 < ends_.size(); ++i) {
            const auto last = std::min(i + options_.longest, ends_.size() - 1);
            sizes_[ends_[i]] = std::uint8_t(ends_[last] - ends_[i]);
            ++starts_[words_.data()[ends_[i]] + 1];
        }
        ends_.clear();
    }

    std::uint64_t key_of(std::size_t at) const {
        std::uint64_t key = 0;
        std::memcpy(&key, words_.data() + at, 8);
        if constexpr (std::endian::native == std::endian::little) key = base::reversed_bytes(key);
        const auto size = sizes_[at];
        return size >= 8 ? key : key & ~(~std::uint64_t{0} >> (8 * size));
    }

    bool before(const Suffix& a, const Suffix& b) const {
        if (a.key != b.key) return a.key < b.key;
        const std::size_t common = std::min(sizes_[a.at], sizes_[b.at]);
        if (common > 8) {
            const auto* text = words_.data();
            const int order = std::memcmp(text + a.at + 8, text + b.at + 8, common - 8);
            if (order) return order < 0;
        }
        return sizes_[a.at] < sizes_[b.at];
    }

    std::size_t common_bytes(std::size_t a, std::size_t b) const {
        const std::size_t most = std::min(sizes_[a], sizes_[b]);
        const auto* text = words_.data();
        std::size_t size = 0;
        while (size < most && text[a + size] == text[b + size]) ++size;
        return size;
    }

    // Walks the suffixes that begin with one byte in order, as a depth-first walk of their trie: a
    // node is where suffixes part, its count that of all below it.
    std::vector<UnigramSeed> seeds_from(std::size_t byte) const {
        std::vector<Suffix> suffixes;
        suffixes.reserve(starts_[byte + 1] - starts_[byte]);
        for (auto i = starts_[byte]; i < starts_[byte + 1]; ++i)
            suffixes.push_back({key_of(places_[i].at), places_[i].at, places_[i].word});
        std::sort(suffixes.begin(), suffixes.end(),
                  [this](const Suffix& a, const Suffix& b) { return before(a, b); });
        std::vector<UnigramSeed> found;
        std::vector<Node> open{{0, 0, 0}};
        for (std::size_t i = 0; i < suffixes.size(); ++i) {
            const auto at = suffixes[i].at;
            const auto count = words_.count(suffixes[i].word);
            if (open.back().depth == sizes_[at]) open.back().count += count;
            else open.push_back({sizes_[at], at, count});
            const auto shared =
                i + 1 < suffixes.size() ? common_bytes(at, suffixes[i + 1].at) : 0;
            close(open, std::uint32_t(shared), found);
        }
        // Nodes close children first; the order of the bytes has parents first.
        std::sort(found.begin(), found.end(), [this](const auto& a, const auto& b) {
            return text_of(a) < text_of(b);
        });
        return found;
    }

    std::string_view text_of(const UnigramSeed& seed) const {
        return {reinterpret_cast<const char*>(words_.data()) + seed.at, seed.size};
    }

    void close(std::vector<Node>& open, std::uint32_t shared,
               std::vector<UnigramSeed>& found) const {
        while (open.back().depth > shared) {
            const Node node = open.back();
            open.pop_back();
            const auto parent = std::max(shared, open.back().depth);
            offer(node, parent, found);
            if (open.back().depth < parent) open.push_back({parent, node.at, node.count});
            else open.back().count += node.count;
        }
    }

    // Suffixes may part within a character; the seed then ends before it.
    void offer(const Node& node, std::uint32_t parent, std::vector<UnigramSeed>& found) const {
        auto size = node.depth;
        const auto* text = words_.data() + node.at;
        while (size > parent && size < sizes_[node.at] && (text[size] & 0xC0) == 0x80) --size;
        if (size <= parent || node.count < 2) return;
        if (base::character_size(text, size) < size) found.push_back({node.at, size, node.count});
    }

    double value(const UnigramSeed& seed) const {
        std::size_t characters = 0;
        for (std::size_t i = 0; i < seed.size; ++i)
            characters += (words_.data()[seed.at + i] & 0xC0) != 0x80;
        return double(seed.count) * double(characters);
    }

    void keep_best(std::vector<UnigramSeed>& seeds) const {
        if (seeds.size() <= options_.most) return;
        std::vector<std::pair<double, std::uint32_t>> order;
        order.reserve(seeds.size());
        for (std::size_t i = 0; i < seeds.size(); ++i)
            order.push_back({-value(seeds[i]), std::uint32_t(i)});
        std::nth_element(order.begin(), order.begin() + std::ptrdiff_t(options_.most),
                         order.end());
        order.resize(options_.most);
        std::sort(order.begin(), order.end(),
                  [](const auto& a, const auto& b) { return a.second < b.second; });
        for (std::size_t i = 0; i < order.size(); ++i) seeds[i] = seeds[order[i].second];
        seeds.resize(order.size());
    }

    const UnigramWords& words_;
    const SeedOptions& options_;
    std::vector<std::uint8_t> sizes_;  // of the suffix at each byte
    std::vector<std::size_t> starts_ = std::vector<std::size_t>(kFirstBytes + 1);
    std::vector<Place> places_;        // suffixes by first byte
    std::vector<std::uint32_t> ends_;  // of the characters of a run, its beginning first
};

}  // namespace

std::vector<UnigramSeed> unigram_seeds(const UnigramWords& words, const SeedOptions& options) {
    return SeedSearch(words, options).run();
}

}  // namespace tokenry::learn
