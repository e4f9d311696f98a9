#include "base/double_array.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>

namespace tokenry::base {
namespace {

constexpr std::size_t kBlock = 256;
// Blocks that still take nodes. More packs tighter and builds slower.
constexpr std::size_t kOpenBlocks = 8;

using Bits = std::array<std::uint64_t, 4>;

// Moves bit x of a set to bit x ^ label.
Bits permuted(const Bits& bits, std::uint8_t label) {
    static constexpr std::uint64_t kEven[] = {0x5555555555555555, 0x3333333333333333,
                                              0x0F0F0F0F0F0F0F0F, 0x00FF00FF00FF00FF,
                                              0x0000FFFF0000FFFF, 0x00000000FFFFFFFF};
    Bits result;
    for (std::size_t word = 0; word < 4; ++word) {
        auto w = bits[word ^ (label >> 6)];
        for (int step = 0; step < 6; ++step)
            if (label >> step & 1)
                w = ((w >> (1 << step)) & kEven[step]) | ((w & kEven[step]) << (1 << step));
        result[word] = w;
    }
    return result;
}

void clear_bit(Bits& bits, std::size_t at) { bits[at >> 6] &= ~(std::uint64_t{1} << (at & 63)); }

struct Block {
    Bits free, bases;  // units without a node; bases that no node has
};

}  // namespace

class DoubleArrayBuilder {
public:
    DoubleArrayBuilder(const std::vector<DoubleArray::Entry>& entries, DoubleArray& trie)
        : entries_(entries), trie_(trie) {}

    void build() {
        open_block();
        // Nothing but the root lives in the first block, so that base 0 means "no children".
        blocks_.back().free = blocks_.back().bases = {};
        std::vector<Range> queue{{0, entries_.size(), 0, DoubleArray::kRoot}};
        while (!queue.empty()) {
            const auto range = queue.back();
            queue.pop_back();
            place_children(range, queue);
        }
    }

private:
    // Entries [begin, end) share their first `depth` bytes, which lead to `node`.
    struct Range {
        std::size_t begin, end, depth;
        DoubleArray::Node node;
    };

    void place_children(Range range, std::vector<Range>& queue) {
        auto& units = trie_.units_;
        if (entries_[range.begin].key.size() == range.depth) {
            units[range.node].info += (entries_[range.begin].value + 1)
                                      << DoubleArray::kLabelBits;
            if (++range.begin == range.end) return;
        }
        const auto first_child = queue.size();
        labels_.clear();
        for (auto at = range.begin; at < range.end;) {
            const auto label = std::uint8_t(entries_[at].key[range.depth]);
            auto end = at + 1;
            while (end < range.end && std::uint8_t(entries_[end].key[range.depth]) == label) ++end;
            queue.push_back({at, end, range.depth + 1, label});
            labels_.push_back(label);
            at = end;
        }
        const auto base = take_base();
        units[range.node].base = base;
        for (auto child = first_child; child < queue.size(); ++child) {
            const auto label = queue[child].node;
            queue[child].node = base ^ label;
            units[base ^ label].info = label;
        }
    }

    std::uint32_t take_base() {
        const auto count = blocks_.size();
        for (auto block = count - std::min(count, kOpenBlocks); block < count; ++block)
            if (const auto base = base_in(block)) return base;
        open_block();
        return base_in(count);
    }

    std::uint32_t base_in(std::size_t block) {
        auto fits = blocks_[block].bases;
        for (const auto label : labels_) {
            const auto free = permuted(blocks_[block].free, label);
            for (std::size_t word = 0; word < 4; ++word) fits[word] &= free[word];
        }
        for (std::size_t word = 0; word < 4; ++word)
            if (fits[word])
                return occupy(block, word * 64 + std::size_t(std::countr_zero(fits[word])));
        return 0;
    }

    std::uint32_t occupy(std::size_t block, std::size_t base) {
        clear_bit(blocks_[block].bases, base);
        for (const auto label : labels_) clear_bit(blocks_[block].free, base ^ label);
        return std::uint32_t(block * kBlock + base);
    }

    void open_block() {
        blocks_.push_back({{~0ull, ~0ull, ~0ull, ~0ull}, {~0ull, ~0ull, ~0ull, ~0ull}});
        trie_.units_.resize(blocks_.size() * kBlock);
    }

    const std::vector<DoubleArray::Entry>& entries_;
    DoubleArray& trie_;
    std::vector<Block> blocks_;
    std::vector<std::uint8_t> labels_;
};

DoubleArray::DoubleArray() : units_(kBlock) {}

namespace {

// Keys in order, of equal ones the smaller values first. Most of them differ in their first eight bytes,
// which as a number are compared at once: half the time of comparing texts.
void sort(std::vector<DoubleArray::Entry>& entries) {
    struct Headed {
        std::uint64_t head;
        DoubleArray::Entry entry;
    };
    std::vector<Headed> headed;
    headed.reserve(entries.size());
    for (const auto& entry : entries) {
        std::uint64_t head = 0;
        for (std::size_t i = 0; i < 8; ++i)
            head = head << 8 | (i < entry.key.size() ? std::uint8_t(entry.key[i]) : 0);
        headed.push_back({head, entry});
    }
    std::sort(headed.begin(), headed.end(), [](const Headed& a, const Headed& b) {
        if (a.head != b.head) return a.head < b.head;
        const int order = a.entry.key.compare(b.entry.key);
        return order != 0 ? order < 0 : a.entry.value < b.entry.value;
    });
    for (std::size_t i = 0; i < headed.size(); ++i) entries[i] = headed[i].entry;
}

}  // namespace

DoubleArray::DoubleArray(std::vector<Entry> entries) : units_(kBlock) {
    sort(entries);
    for (std::size_t i = 1; i < entries.size(); ++i)
        if (entries[i].key == entries[i - 1].key) throw std::invalid_argument("two equal pieces");
    build(entries);
}

DoubleArray DoubleArray::of_greatest(std::vector<Entry> entries) {
    sort(entries);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < entries.size(); ++i)
        if (i + 1 == entries.size() || entries[i].key != entries[i + 1].key) entries[kept++] = entries[i];
    entries.resize(kept);
    DoubleArray made;
    made.build(entries);
    return made;
}

void DoubleArray::build(const std::vector<Entry>& sorted) {
    if (sorted.empty()) return;
    if (sorted.front().key.empty()) throw std::invalid_argument("an empty piece");
    for (const Entry& entry : sorted)
        if (entry.value > kMaxValue) throw std::invalid_argument("more than 8388606 pieces");
    units_.clear();
    DoubleArrayBuilder(sorted, *this).build();
}

std::size_t DoubleArray::longest(const std::uint8_t* text, std::size_t size,
                                 std::uint32_t& found) const {
    std::size_t length = 0;
    Node node = kRoot;
    for (std::size_t i = 0; i < size; ++i) {
        node = child(node, text[i]);
        if (node == kRoot) break;
        if (const auto id = value(node); id != kNone) {
            found = std::uint32_t(id);
            length = i + 1;
        }
    }
    return length;
}

}  // namespace tokenry::base
