#include "split/registry.hpp"

#include <cstdlib>

#include "split/scalar.hpp"
#include "split/scalar_splitter.hpp"
#include "split/simple.hpp"

namespace tokenry {

namespace {

template <Matcher match>
std::unique_ptr<Splitter> scalar_splitter(Simd) {
    return std::make_unique<ScalarSplitter<match>>();
}

template <Rules R>
std::unique_ptr<Splitter> rules_splitter(Simd) {
    return std::make_unique<ScalarSplitter<scalar::match<R>>>();
}

struct Entry {
    std::string_view name;
    std::unique_ptr<Splitter> (*make)(Simd);
};

constexpr Entry kSplitters[] = {
    {"whole", scalar_splitter<scalar::whole>},
    {"gpt2", rules_splitter<kGpt2>},
    {"cl100k", rules_splitter<kCl100k>},
    {"llama3", rules_splitter<kLlama3>},
    {"qwen2", rules_splitter<kQwen2>},
    {"qwen3.5", rules_splitter<kQwen35>},
    {"o200k", rules_splitter<kO200k>},
    {"tekken", rules_splitter<kTekken>},
    {"superbpe-1", rules_splitter<kSuperBpe1>},
    {"superbpe", scalar_splitter<scalar::superword>},
    {"space_prefix", scalar_splitter<scalar::space_prefix>},
    {"metaspace", scalar_splitter<scalar::metaspace>},
    {"digits", scalar_splitter<scalar::digits>},
    {"digit_runs", scalar_splitter<scalar::digit_runs>},
    {"punctuation", scalar_splitter<scalar::punctuation_marks>},
};

constexpr std::string_view kSimdNames[] = {"scalar", "avx2", "avx512"};

Simd detect_simd() {
    const char* forced = std::getenv("TOKENRY_SIMD");
    for (const Simd simd : {Simd::avx512, Simd::avx2}) {
        if (has_simd(simd) && (forced == nullptr || simd_name(simd) == forced)) return simd;
    }
    return Simd::scalar;
}

}  // namespace

std::string_view simd_name(Simd simd) { return kSimdNames[static_cast<std::size_t>(simd)]; }

bool has_simd(Simd simd) {
#if defined(__x86_64__)
    switch (simd) {
        case Simd::scalar: return true;
        case Simd::avx2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
        case Simd::avx512:
            return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                   __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd") &&
                   __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2");
    }
#endif
    return simd == Simd::scalar;
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
    for (const Entry& entry : kSplitters) {
        if (entry.name != name) continue;
        std::unique_ptr<Splitter> splitter = entry.make(simd);
        splitter->set_name(std::string(name));
        return splitter;
    }
    return nullptr;
}

}  // namespace tokenry
