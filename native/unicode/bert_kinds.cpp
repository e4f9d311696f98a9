#include "unicode/bert_kinds.hpp"

namespace tokenry::unicode::bert {
namespace {

void add(NibbleSet& set, std::uint32_t byte) {
    set[byte & 15] |= static_cast<std::uint8_t>(1 << (byte >> 4 & 7));
}

}  // namespace

Kinds::Kinds(Options options) : flags(options.flags()), han_alone(of(0x4E00) == kAlone) {
    for (std::uint32_t code = 0; code < 128; ++code) {
        ascii[code] = of(code);
        if (ascii[code] == kSpace) add(spaces, code);
        if (ascii[code] == kAlone) add(alone, code);
    }
    for (std::uint32_t lead = 0xC2; lead < 0xE0; ++lead) {
        bool letters = true;
        for (std::uint32_t tail = 0; tail < 64; ++tail)
            letters &= of((lead & 0x1F) << 6 | tail) == kLetter;
        if (letters) add(letter_leads, lead);
    }
}

}  // namespace tokenry::unicode::bert
