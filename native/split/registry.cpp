#include "split/registry.hpp"

#include <algorithm>
#include <cstdlib>

#include "split/numbers.hpp"
#include "split/scalar.hpp"
#include "split/scalar_splitter.hpp"
#include "split/simple.hpp"
#include "split/word_runs.hpp"

namespace tokenry::split {

namespace {

class FunctionSplitter final : public Splitter {
public:
    explicit FunctionSplitter(SplitFunction function) : function_(function) {}

    std::size_t split(const std::uint8_t* text, std::size_t size, std::size_t begin,
                      std::uint32_t* ends, std::size_t capacity) const override {
        return function_(text, size, begin, ends, capacity);
    }

private:
    SplitFunction function_;
};

SplitFunction no_vector(Simd) { return nullptr; }

template <Family family>
SplitFunction vector_split(Simd simd) {
    SplitFunction function = nullptr;
#if defined(__x86_64__)
    if (simd == Simd::avx512) function = avx512_split(family);
    if (simd >= Simd::avx2 && function == nullptr) function = avx2_split(family);
#endif
    if (simd != Simd::scalar && function == nullptr) function = portable_split(family);
    return function;
}

struct Entry {
    std::string_view name;
    SplitFunction scalar;
    SplitFunction (*vector)(Simd);
};

constexpr Entry kSplitters[] = {
    {"whole", scalar_split<scalar::whole>, no_vector},
    {"gpt2", scalar_split<scalar::match<kGpt2>>, vector_split<Family::gpt2>},
    {"cl100k", scalar_split<scalar::match<kCl100k>>, vector_split<Family::cl100k>},
    {"llama3", scalar_split<scalar::match<kLlama3>>, vector_split<Family::llama3>},
    {"qwen2", scalar_split<scalar::match<kQwen2>>, vector_split<Family::qwen2>},
    {"qwen3.5", scalar_split<scalar::match<kQwen35>>, vector_split<Family::qwen35>},
    {"o200k", scalar_split<scalar::match<kO200k>>, vector_split<Family::o200k>},
    {"tekken", scalar_split<scalar::match<kTekken>>, vector_split<Family::tekken>},
    {"superbpe-1", scalar_split<scalar::match<kSuperBpe1>>, vector_split<Family::superbpe1>},
    {"superbpe", scalar_split<scalar::superword>, vector_split<Family::superbpe>},
    {"space_prefix", scalar_split<scalar::space_prefix>, vector_split<Family::space_prefix>},
    {"metaspace", scalar_split<scalar::metaspace>, vector_split<Family::metaspace>},
    {"digits", scalar_split<scalar::digits>, no_vector},
    {"digit_runs", scalar_split<scalar::digit_runs>, no_vector},
    {"punctuation", scalar_split<scalar::punctuation_marks>, no_vector},
};

// Splitters whose pretokens may hold a number that they do not begin with.
constexpr std::string_view kNumbersInside[] = {"whole", "space_prefix", "metaspace", "punctuation"};

bool numbers_begin_pretokens(std::string_view name) {
    return std::ranges::find(kNumbersInside, name) == std::end(kNumbersInside);
}

// "base+policy": the splitter of a base with its numbers cut by a policy.
std::unique_ptr<Splitter> make_numbered(std::string_view name, std::size_t plus, Simd simd) {
    const std::string_view base = name.substr(0, plus);
    const auto policy = NumberPolicy::parse(name.substr(plus + 1));
    auto splitter = policy ? make_splitter(base, simd) : nullptr;
    if (!splitter) return nullptr;
    auto numbered = with_numbers(std::move(splitter), *policy, numbers_begin_pretokens(base));
    numbered->set_name(std::string(name));
    return numbered;
}

constexpr std::string_view kSimdNames[] = {"scalar", "portable", "avx2", "avx512"};

Simd detect_simd() {
    const char* forced = std::getenv("TOKENRY_SIMD");
    for (const Simd simd : {Simd::avx512, Simd::avx2, Simd::portable}) {
        if (has_simd(simd) && (forced == nullptr || simd_name(simd) == forced)) return simd;
    }
    return Simd::scalar;
}

}  // namespace

std::string_view simd_name(Simd simd) { return kSimdNames[static_cast<std::size_t>(simd)]; }

bool has_simd(Simd simd) {
#if defined(__x86_64__)
    switch (simd) {
        case Simd::scalar:
        case Simd::portable: return true;
        case Simd::avx2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
        case Simd::avx512:
            return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                   __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd") &&
                   __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2");
    }
#endif
    return simd <= Simd::portable;
}

Simd best_simd() {
    static const Simd simd = detect_simd();
    return simd;
}

std::vector<std::string> splitter_names() {
    std::vector<std::string> names;
    for (const Entry& entry : kSplitters) names.emplace_back(entry.name);
    return names;
}

std::unique_ptr<Splitter> make_splitter(std::string_view name, Simd simd) {
    if (auto runs = make_word_runs(name)) return runs;
    if (const auto plus = name.find('+'); plus != name.npos) return make_numbered(name, plus, simd);
    for (const Entry& entry : kSplitters) {
        if (entry.name != name) continue;
        const SplitFunction vector = entry.vector(simd);
        auto splitter = std::make_unique<FunctionSplitter>(vector ? vector : entry.scalar);
        splitter->set_name(std::string(name));
        return splitter;
    }
    return nullptr;
}

}  // namespace tokenry::split
