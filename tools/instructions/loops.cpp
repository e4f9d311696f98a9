// The hot loops of the core over a text, a number of times: `loops LOOP TEXT TIMES`. What they execute
// is counted from outside; that a loop does what it should is the business of the tests.
//
// Prints what the counts are shared by: bytes, or words.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "base/byte_set.hpp"
#include "base/simd.hpp"
#include "encode/bpe_batch.hpp"
#include "encode/word_block.hpp"
#include "learn/pair_index.hpp"
#include "learn/symbol_text.hpp"
#include "learn/word_counter.hpp"
#include "split/bert.hpp"
#include "split/registry.hpp"

using namespace tokenry;
using base::Id;

namespace {

struct Loop {
    std::vector<std::uint8_t> text;  // with room behind it for reads of sixteen bytes
    std::size_t size;
    std::vector<std::uint32_t> begins, ends;  // of its words

    explicit Loop(const char* path) {
        std::ifstream file(path, std::ios::binary);
        text.assign(std::istreambuf_iterator<char>(file), {});
        size = text.size();
        text.resize(size + 16);
        ends = split(*split::make_splitter("o200k"));
        begins = ends;
        begins.insert(begins.begin(), 0);
        begins.pop_back();
    }
    std::vector<std::uint32_t> split(const split::Splitter& splitter) const {
        std::vector<std::uint32_t> found(size);
        found.resize(splitter.split(text.data(), size, 0, found.data(), size));
        return found;
    }
    // use(block of words, number of the first)
    template <class Use>
    void blocks(Use use) const {
        constexpr std::size_t most = encode::WordBlock::most;
        for (std::size_t i = 0; i + most <= ends.size(); i += most)
            use(encode::Words{text.data(), size, begins.data() + i, ends.data() + i, most}, i);
    }
};

std::size_t split(const Loop& loop, const split::Splitter& splitter, int times) {
    for (std::vector<std::uint32_t> found(loop.size); times > 0; --times)
        splitter.split(loop.text.data(), loop.size, 0, found.data(), loop.size);
    return loop.size;
}

std::size_t find_bytes(const Loop& loop, int times) {
    base::ByteSet set;
    for (const char byte : {'<', '\x80', '\xff'}) set.add(static_cast<std::uint8_t>(byte));
    std::size_t found = 0;  // or compilers see that nothing is done
    for (; times > 0; --times)
        for (const auto *at = loop.text.data(), *end = at + loop.size; at < end; ++at, ++found)
            at = set.find(at, end);
    return found > 0 ? loop.size : 0;
}

std::size_t make_keys(const Loop& loop, int times) {
    static encode::WordBlock block;
    for (; times > 0; --times)
        loop.blocks([](const encode::Words& words, std::size_t) {
            for (std::uint64_t& bits : block.longs) bits = 0;
            encode::word_steps().make_keys(words, block);
        });
    return loop.ends.size();
}

// All words of the text, those that are too long for a key left out, through a cache that has them.
std::size_t copy_known(const Loop& loop, int times) {
    encode::WordCache cache(std::size_t{32} << 20);
    std::vector<encode::WordBlock> blocks;
    const Id ids[3] = {1, 2, 3};
    loop.blocks([&](const encode::Words& words, std::size_t first) {
        encode::WordBlock& block = blocks.emplace_back();
        encode::word_steps().make_keys(words, block);
        for (std::size_t i = 0; i < words.count; ++i) {
            if (block.keys[i].is_too_long()) block.keys[i] = blocks[0].keys[0];
            block.hashes[i] = base::hash_of(block.keys[i]);
            cache.add(block.keys[i], block.hashes[i], ids, 1 + (first + i) % 3);
        }
    });
    for (encode::WordBlock& block : blocks)
        for (std::size_t i = 0; i < encode::WordBlock::most; ++i) block.lines[i] = &cache.pair(block.hashes[i]);
    std::vector<Id> room(4 * encode::WordBlock::most + 4);
    for (; times > 0; --times)
        for (const encode::WordBlock& block : blocks) {
            Id* out = room.data();
            encode::word_steps().copy_known(block, 0, encode::WordBlock::most, cache, out, nullptr);
        }
    return blocks.size() * encode::WordBlock::most;
}

// Words of 2 to 64 bytes, each as often as it stands there, by 2000 merges learnt from them.
std::size_t merge(const Loop& loop, int times) {
    learn::WordCounter counter(split::make_splitter("o200k"), false, 1);
    counter.add({{loop.text.data(), loop.size}});
    learn::Pieces pieces;
    learn::ByteIds bytes;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const auto piece = static_cast<std::uint8_t>(byte);
        pieces.append(&piece, 1);
        bytes[byte] = byte;
    }
    learn::PairIndex index(learn::symbols_of_words(counter.table(), bytes, {nullptr, 0}), std::move(pieces), 2,
                           64, 2000, {});
    std::vector<encode::Merge> merges;
    std::vector<std::uint32_t> ranks;
    for (std::uint32_t rank = 0; rank < 2000; ++rank) {
        const auto pair = index.best();
        if (!pair) break;
        merges.push_back({pair->left, pair->right, index.merge_best()});
        ranks.push_back(rank);
    }
    const encode::PairTable table(merges, ranks);
    encode::BpeBatch batch;
    std::size_t words = 0;
    for (; times > 0; --times) {
        words = 0;
        for (std::size_t first = 0; first < loop.ends.size(); first += 1024) {
            batch.clear();
            for (std::size_t i = first; i < std::min(first + 1024, loop.ends.size()); ++i) {
                const unsigned size = loop.ends[i] - loop.begins[i];
                if (size < 2 || size > 64) continue;
                Id* const room = batch.room(size);
                for (unsigned at = 0; at < size; ++at) room[at] = loop.text[loop.begins[i] + at];
                batch.add(static_cast<std::uint32_t>(i), size);
                ++words;
            }
            batch.merge(table);
        }
    }
    return words;
}

std::size_t run(const std::string& name, const Loop& loop, int times) {
    if (name == "bytes") return find_bytes(loop, times);
    if (name == "keys") return make_keys(loop, times);
    if (name == "known") return copy_known(loop, times);
    if (name == "merge") return merge(loop, times);
    if (name == "bert") return split(loop, *split::make_bert_splitter({true, true, true, true}), times);
    return split(loop, *split::make_splitter(name), times);
}

}  // namespace

int main(int, char** arguments) {
    std::cout << run(arguments[1], Loop(arguments[2]), std::atoi(arguments[3])) << '\n';
}
