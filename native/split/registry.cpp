#include "split/registry.hpp"

#include <utility>

#include "base/compiler.hpp"
#include "split/numbers.hpp"
#include "split/splitters.hpp"

namespace tokenry::split {
namespace {

using base::Simd;

class FunctionSplitter final : public Splitter {
public:
    explicit FunctionSplitter(SplitFunction function) : function_(function) {}

    std::size_t split(const std::uint8_t* text, std::size_t size, std::size_t begin,
                      std::uint32_t* ends, std::size_t capacity) const override {
        return function_(text, size, begin, ends, capacity);
    }

    // As Splitter does, without the call between: short texts are many.
    Pretokens find(const std::uint8_t* text, std::size_t size, std::size_t begin,
                   FinderScratch& scratch) const override {
        return found(scratch, [&](std::uint32_t* ends, std::size_t capacity) {
            return function_(text, size, begin, ends, capacity);
        });
    }

private:
    SplitFunction function_;
};

// The place of a row, or kSplitterCount.
std::size_t find_row(std::string_view name) {
    std::size_t row = 0;
    while (row < kSplitterCount && kSplitters[row].name != name) ++row;
    return row;
}

SplitFunction widest_path(std::size_t row, Simd simd) {
    SplitFunction function = nullptr;
#if defined(TOKENRY_X86)
    if (simd == Simd::avx512) function = avx512_split(row);
    if (simd >= Simd::avx2 && function == nullptr) function = avx2_split(row);
#elif defined(TOKENRY_ARM)
    if (simd == Simd::neon) function = neon_split(row);
#endif
    if (simd != Simd::scalar && function == nullptr) function = portable_split(row);
    return function ? function : scalar_split(row);
}

template <class Made>
std::unique_ptr<Made> named(std::string_view name, std::unique_ptr<Made> splitter) {
    splitter->set_name(std::string(name));
    return splitter;
}

std::unique_ptr<Splitter> make_plain(std::string_view name, Simd simd) {
    const std::size_t row = find_row(name);
    if (row == kSplitterCount) return nullptr;
    return named<Splitter>(name, std::make_unique<FunctionSplitter>(widest_path(row, simd)));
}

// The splitter of a base with its numbers cut by a policy, or without one where no "+" follows it.
std::unique_ptr<Splitter> make_words(std::string_view name, Simd simd) {
    const auto plus = name.find('+');
    if (plus == name.npos) return make_plain(name, simd);
    const std::string_view base = name.substr(0, plus);
    const auto policy = NumberPolicy::parse(name.substr(plus + 1));
    auto splitter = policy ? make_plain(base, simd) : nullptr;
    if (!splitter) return nullptr;
    const bool strict = kSplitters[find_row(base)].numbers_begin;
    return named(name, with_numbers(std::move(splitter), *policy, strict));
}

}  // namespace

std::vector<std::string> splitter_names() {
    std::vector<std::string> names;
    for (const SplitterRow& row : kSplitters) names.emplace_back(row.name);
    return names;
}

std::unique_ptr<Splitter> make_splitter(std::string_view name, Simd simd) {
    if (auto runs = make_word_runs(name)) return runs;
    return make_words(name, simd);
}

std::unique_ptr<WordRunSplitter> make_word_runs(std::string_view name) {
    for (const auto& [prefix, members] :
         {std::pair<std::string_view, Mask>{"word_runs:", unicode::kLetter},
          {"word_runs+numbers:", unicode::kLetter | unicode::kNumber}}) {
        if (!name.starts_with(prefix)) continue;
        auto words = make_words(name.substr(prefix.size()), base::best_simd());
        if (words == nullptr) return nullptr;
        return named(name, std::make_unique<WordRunSplitter>(std::move(words), members));
    }
    return nullptr;
}

bool cuts_lines(std::string_view name) {
    const std::size_t row = find_row(name.substr(0, name.find('+')));  // a policy changes no line
    return row < kSplitterCount && kSplitters[row].cuts_lines();
}

}  // namespace tokenry::split
