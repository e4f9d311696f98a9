#include "split/bert.hpp"

#include <algorithm>

#include "base/compiler.hpp"
#include "split/bert_matcher.hpp"
#include "split/split_by_matcher.hpp"

namespace tokenry::split {
namespace {

using bert::Kinds;

Pointer word_end(const Kinds& kinds, Pointer at, Pointer end) {
    while (at < end) {
        const auto [kind, width] = kinds.read(at, end);
        if (kind != bert::kLetter) break;
        at += width;
    }
    return at;
}

// White space but for one space before a word.
Pointer space_end(const Kinds& kinds, Pointer at, Pointer end) {
    for (Pointer last = at; at < end;) {
        const auto [kind, width] = kinds.read(at, end);
        if (kind != bert::kSpace) return *last == ' ' ? last : at;
        last = at;
        at += width;
    }
    return at;
}

BertSplit widest(base::Simd simd) {
#if defined(TOKENRY_X86)
    if (simd == base::Simd::avx512) return split_bert_avx512;
    if (simd == base::Simd::avx2) return split_bert_avx2;
#elif defined(TOKENRY_ARM)
    if (simd == base::Simd::neon) return split_bert_neon;
#endif
    return split_bert;
}

class BertSplitter final : public Splitter {
public:
    BertSplitter(bert::Options options, base::Simd simd) : kinds_(options), split_(widest(simd)) {}

    std::size_t split(Pointer text, std::size_t size, std::size_t begin, std::uint32_t* ends,
                      std::size_t capacity) const override {
        return split_(kinds_, text, size, begin, ends, capacity);
    }

private:
    Kinds kinds_;
    BertSplit split_;
};

}  // namespace

Pointer match_bert(const Kinds& kinds, Pointer text, Pointer end) {
    auto [kind, width] = kinds.read(text, end);
    Pointer next = text + width;
    if (kind == bert::kSpace) {
        if (*text != ' ' || next == end) return space_end(kinds, text, end);
        const auto second = kinds.read(next, end);
        if (second.kind == bert::kSpace) return space_end(kinds, text, end);
        kind = second.kind;
        next += second.width;
    }
    return kind == bert::kAlone ? next : word_end(kinds, next, end);
}

std::size_t split_bert(const Kinds& kinds, Pointer text, std::size_t size, std::size_t begin,
                       std::uint32_t* ends, std::size_t capacity) {
    const auto match = [&](Pointer place, Pointer end) { return match_bert(kinds, place, end); };
    return split_by_matcher(match, text, size, begin, ends, capacity);
}

std::unique_ptr<Splitter> make_bert_splitter(bert::Options options, base::Simd simd) {
    return std::make_unique<BertSplitter>(options, simd);
}

}  // namespace tokenry::split
