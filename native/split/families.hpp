// The vector form of each family, for one instruction set.
#pragma once
#include "split/window.hpp"

namespace tokenry {
namespace {

template <class Isa>
SplitFunction find_split(Family family) {
    switch (family) {
        case Family::gpt2: return split_windows<Isa, kGpt2, scalar::match_gpt2>;
        case Family::cl100k: return split_windows<Isa, kCl100k, scalar::match_cl100k>;
        case Family::llama3: return split_windows<Isa, kLlama3, scalar::match_llama3>;
        case Family::qwen2: return split_windows<Isa, kQwen2, scalar::match_qwen2>;
        case Family::qwen35: return split_windows<Isa, kQwen35, scalar::match_qwen35>;
        case Family::o200k: return split_windows<Isa, kO200k, scalar::match_o200k>;
        case Family::tekken: return split_windows<Isa, kTekken, scalar::match_tekken>;
        case Family::superbpe1: return split_windows<Isa, kSuperBpe1, scalar::match_superbpe1>;
        case Family::superbpe:
        case Family::space_prefix:
        case Family::metaspace: break;
    }
    return nullptr;
}

}  // namespace
}  // namespace tokenry
