// BERT's splitter by windows of 64 bytes, as in window.hpp: each begins where a pretoken does, and
// what one cannot decide is left to the next.
//
// `Isa` is one instruction set: load(text, size) reads `size` bytes and no more; wide, equal,
// between and member give the bytes that are not ASCII, that are one byte, that lie between two, or
// that are in a NibbleSet but for their upper bit; flatten is as in window.hpp.
#pragma once
#include "split/bert_matcher.hpp"
#include "split/window.hpp"

namespace tokenry::split {
namespace {

struct BertMasks {
    Bits space, alone, lead;
    unsigned size;  // bytes known; whole characters
};

// Takes from `wide` what can be told without looking characters up: letters are whatever no mask
// has, so of them it is enough to know that they are.
template <class Isa>
Bits pass_letters(const bert::Kinds& kinds, typename Isa::Block block, BertMasks& masks,
                  Bits wide) {
    const Bits tails = Isa::between(block, 0x80, 0xBF);
    const Bits pairs = Isa::member(block, kinds.letter_leads) & Isa::between(block, 0xC2, 0xDF) &
                       tails >> 1;
    wide &= ~(pairs | pairs << 1);
    const Bits han = (Isa::between(block, 0xE5, 0xE9) |
                      (Isa::equal(block, 0xE4) & Isa::between(block, 0xB8, 0xBF) >> 1)) &
                     tails >> 1 & tails >> 2;
    const Bits han_tails = han << 1 | han << 2;
    masks.lead &= ~han_tails;
    if (kinds.han_alone) masks.alone |= han | han_tails;
    return wide & ~(han | han_tails);
}

// Looks up the characters whose bytes are `wide`, each once. One that the window cuts off ends it.
inline void walk_bert(const bert::Kinds& kinds, Pointer text, Pointer end, BertMasks& masks,
                      Bits wide) {
    while (wide) {
        const unsigned i = lowest(wide);
        const auto [kind, width] = kinds.read(text + i, end);
        if (i + width > kWindow) {
            masks.size = i;
            break;
        }
        const Bits bytes = below(width) << i;
        if (kind == bert::kSpace) masks.space |= bytes;
        if (kind == bert::kAlone) masks.alone |= bytes;
        masks.lead &= ~(bytes & (bytes - 1) & ~bit(i));
        wide &= ~bytes;
    }
}

// The cuts that are certain in the window at a boundary, none of them at bit 0.
template <class Isa>
Bits bert_window(const bert::Kinds& kinds, Pointer text, Pointer end) {
    const std::size_t left = static_cast<std::size_t>(end - text);
    const bool last = left < kWindow;
    const unsigned size = last ? static_cast<unsigned>(left) : kWindow;
    const typename Isa::Block block = Isa::load(text, size);
    const Bits wide = Isa::wide(block);
    BertMasks masks{Isa::member(block, kinds.spaces) & ~wide,
                    Isa::member(block, kinds.alone) & ~wide, ~Bits{0}, size};
    if (wide) {
        const Bits rest = pass_letters<Isa>(kinds, block, masks, wide);
        if (rest) walk_bert(kinds, text, end, masks, rest);
    }
    const Bits blank = Isa::equal(block, ' ');
    const Bits letter = ~(masks.space | masks.alone) & below(masks.size);
    const Bits alone = masks.alone & masks.lead & below(masks.size);
    const Bits starts = (letter & ~(letter << 1)) | alone;
    const Bits cuts = (starts & ~(blank << 1)) | (starts >> 1 & blank) |
                      (masks.space & ~(masks.space << 1) & below(masks.size));
    return (cuts & ~Bits{1}) | (last ? bit(size) : 0);
}

template <class Isa>
std::size_t split_bert_windows(const bert::Kinds& kinds, Pointer text, std::size_t size,
                               std::size_t begin, std::uint32_t* ends, std::size_t capacity) {
    return split_by<Isa>(
        [&](Pointer place, Pointer end) { return bert_window<Isa>(kinds, place, end); },
        [&](Pointer place, Pointer end) { return match_bert(kinds, place, end); }, text, size,
        begin, ends, capacity);
}

}  // namespace
}  // namespace tokenry::split
