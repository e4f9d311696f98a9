// The vector form of each family, for one instruction set.
#pragma once
#include "split/superwords.hpp"
#include "split/window.hpp"

namespace tokenry::split {
namespace {

template <class Isa, Rules R, Matcher match>
constexpr SplitFunction split_rules = split_windows<Isa, rules_window<Isa, R>, match>;

template <class Isa>
SplitFunction find_split(Family family) {
    switch (family) {
        case Family::gpt2: return split_rules<Isa, kGpt2, scalar::match_gpt2>;
        case Family::cl100k: return split_rules<Isa, kCl100k, scalar::match_cl100k>;
        case Family::llama3: return split_rules<Isa, kLlama3, scalar::match_llama3>;
        case Family::qwen2: return split_rules<Isa, kQwen2, scalar::match_qwen2>;
        case Family::qwen35: return split_rules<Isa, kQwen35, scalar::match_qwen35>;
        case Family::o200k: return split_rules<Isa, kO200k, scalar::match_o200k>;
        case Family::tekken: return split_rules<Isa, kTekken, scalar::match_tekken>;
        case Family::superbpe1: return split_rules<Isa, kSuperBpe1, scalar::match_superbpe1>;
        case Family::superbpe: return split_superwords<Isa>;
        case Family::space_prefix:
            return split_windows<Isa, space_window<Isa, true>, scalar::space_prefix>;
        case Family::metaspace:
            return split_windows<Isa, space_window<Isa, false>, scalar::metaspace>;
    }
    return nullptr;
}

}  // namespace
}  // namespace tokenry::split
