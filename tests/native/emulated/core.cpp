// What the core does with texts, for test_emulated.py, which knows what it should do:
//
//     core paths                          the vector paths that this processor has
//     core split TEXTS                    ends of the pretokens of each splitter
//     core bpe|wordpiece|unigram MODEL TEXTS [SPLITTER]   ids
//     core learn BYTES TEXTS SPLITTER     merges, from the bytes in this order
//
// Files are sections, each behind its size as eight bytes: a text each, or the arrays of a model.
// What goes out are runs of 32-bit numbers, each behind their count.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/simd.hpp"
#include "encode/bert_segmenter.hpp"
#include "encode/bpe_segmenter.hpp"
#include "encode/engine.hpp"
#include "encode/local_engine.hpp"
#include "encode/unigram_segmenter.hpp"
#include "encode/wordpiece_segmenter.hpp"
#include "learn/pair_index.hpp"
#include "learn/symbol_text.hpp"
#include "learn/word_counter.hpp"
#include "split/bert.hpp"
#include "split/registry.hpp"

using namespace tokenry;
using base::Id;
using base::Text;

namespace {

constexpr std::size_t cache_bytes = std::size_t{1} << 20;

class Sections {
public:
    explicit Sections(const char* path) {
        std::ifstream file(path, std::ios::binary);
        bytes_.assign(std::istreambuf_iterator<char>(file), {});
        for (std::size_t at = 0; at < bytes_.size();) {
            std::uint64_t size;
            std::memcpy(&size, bytes_.data() + at, sizeof size);
            all_.emplace_back(bytes_.data() + at + sizeof size, size);
            at += sizeof size + size;
        }
        if (all_.empty()) throw std::invalid_argument(std::string(path) + " has no sections");
    }
    const std::vector<Text>& texts() const { return all_; }
    template <class Number>
    std::vector<Number> numbers(std::size_t i) const {
        std::vector<Number> numbers(all_.at(i).size() / sizeof(Number));
        std::memcpy(numbers.data(), all_[i].data(), numbers.size() * sizeof(Number));
        return numbers;
    }

private:
    std::vector<std::uint8_t> bytes_;
    std::vector<Text> all_;
};

void write(const std::uint32_t* numbers, std::size_t count) {
    const auto size = static_cast<std::uint32_t>(count);
    std::fwrite(&size, sizeof size, 1, stdout);
    std::fwrite(numbers, sizeof *numbers, count, stdout);
}

std::vector<std::uint32_t> split(const split::Splitter& splitter, Text text, std::size_t capacity) {
    std::vector<std::uint32_t> all, some(capacity);
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t count = splitter.split(text.data(), text.size(), begin, some.data(), capacity);
        for (std::size_t i = 0; i < count; ++i)
            all.push_back(some[i] + static_cast<std::uint32_t>(begin));
        begin = all.back();
    }
    return all;
}

// Writes what the scalar path finds, which all others must find too.
template <class Make>
void split_all(const Sections& texts, const std::string& name, Make make) {
    const auto scalar = make(base::Simd::scalar);
    for (const Text text : texts.texts()) {
        const auto ends = split(*scalar, text, 4096);
        write(ends.data(), ends.size());
        for (const base::Simd simd : base::kSimds) {
            if (!base::has_simd(simd)) continue;
            const auto splitter = make(simd);
            for (const std::size_t capacity : {4096, 7, 1})
                if (split(*splitter, text, capacity) != ends)
                    throw std::logic_error(name + ": " + std::string(base::simd_name(simd)) +
                                           " is not as scalar, " + std::to_string(capacity) + " at a time");
        }
    }
}

void split_all(const Sections& texts) {
    for (const std::string& name : split::splitter_names())
        split_all(texts, name, [&](base::Simd simd) { return split::make_splitter(name, simd); });
    for (const bool all : {false, true})
        split_all(texts, "bert", [&](base::Simd simd) {
            return split::make_bert_splitter({all, all, all, all}, simd);
        });
}

// Each text by itself, and all of them together in two threads.
template <class Engine, class... More>
void encode(const Engine& engine, const std::vector<Text>& texts, More&... more) {
    base::Buffer<Id> together;
    std::vector<std::uint64_t> offsets(texts.size() + 1);
    engine.encode_batch(texts, 2, together, offsets.data(), more...);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        base::Buffer<Id> ids;
        engine.encode(texts[i], ids);
        const std::size_t count = offsets[i + 1] - offsets[i];
        if (ids.size() != count || std::memcmp(ids.data(), together.data() + offsets[i], 4 * count) != 0)
            throw std::logic_error("text " + std::to_string(i) + " has other ids in a batch");
        write(ids.data(), count);
    }
}

void bpe(const Sections& model, const Sections& texts, const char* splitter) {
    const auto offsets = model.numbers<std::uint64_t>(1);
    const auto ranks = model.numbers<std::uint32_t>(2);
    encode::BpeOptions options;
    for (std::size_t byte = 0; byte < 256; ++byte) options.byte_ids[byte] = static_cast<std::int64_t>(byte);
    const encode::BpeSegmenter segmenter(model.texts()[0], offsets, ranks, options);
    const auto words = split::make_splitter(splitter);
    encode(encode::Engine(segmenter, *words, cache_bytes), texts.texts());
}

void wordpiece(const Sections& model, const Sections& texts) {
    const encode::WordPieceSegmenter pieces(model.texts()[0], model.numbers<std::uint64_t>(1), "##", 0, 100, {});
    const unicode::bert::Options options{true, true, true, true};
    const encode::BertSegmenter words(pieces, options);
    const auto splitter = split::make_bert_splitter(options);
    std::vector<std::uint64_t> others;
    encode(encode::LocalEngine(words, *splitter, {}, cache_bytes), texts.texts(), others);
    if (!others.empty()) throw std::logic_error("a text does not stand alone");
}

void unigram(const Sections& model, const Sections& texts) {
    const auto offsets = model.numbers<std::uint64_t>(1);
    const auto scores = model.numbers<double>(2);
    encode::UnigramOptions options;
    options.unknown_score = -20;
    options.unknown = 0;
    options.byte_ids.fill(-1);
    const encode::UnigramSegmenter<encode::SentencePieceScores> segmenter(model.texts()[0], offsets, scores, options);
    const auto whole = split::make_splitter("whole");
    encode(encode::Engine(segmenter, *whole, cache_bytes), texts.texts());
}

void learn_merges(Text bytes, const Sections& texts, const char* splitter) {
    learn::WordCounter counter(split::make_splitter(splitter), false, 2);
    counter.add(texts.texts());
    learn::Pieces pieces;
    learn::ByteIds ids;
    for (std::size_t id = 0; id < bytes.size(); ++id) {
        pieces.append(&bytes[id], 1);
        ids[bytes[id]] = static_cast<std::int64_t>(id);
    }
    learn::PairIndex index(learn::symbols_of_words(counter.table(), ids, {nullptr, 0}), std::move(pieces), 2, 4096, 500, {});
    std::vector<std::uint32_t> merges;
    for (int i = 0; i < 500; ++i) {
        const auto pair = index.best();
        if (!pair) break;
        index.merge_best();
        merges.insert(merges.end(), {pair->left, pair->right, static_cast<std::uint32_t>(pair->count)});
    }
    write(merges.data(), merges.size());
}

void run(const std::string& what, char** rest) {
    if (what == "paths") {
        for (const base::Simd simd : base::kSimds)
            if (base::has_simd(simd)) std::cout << base::simd_name(simd) << '\n';
        return;
    }
    if (what == "split") return split_all(Sections(rest[0]));
    const Sections model(rest[0]), texts(rest[1]);
    if (what == "bpe") return bpe(model, texts, rest[2]);
    if (what == "wordpiece") return wordpiece(model, texts);
    if (what == "unigram") return unigram(model, texts);
    if (what == "learn") return learn_merges(model.texts()[0], texts, rest[2]);
    throw std::invalid_argument("no such work: " + what);
}

}  // namespace

int main(int, char** arguments) {
    try {
        run(arguments[1], arguments + 2);
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
