// BERT's text cleaning (Devlin et al. 2018, arXiv:1810.04805), as tokenizers does it.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/buffer.hpp"
#include "base/byte_set.hpp"
#include "normalize/normalizer.hpp"
#include "unicode/bert.hpp"
#include "unicode/utf8.hpp"

namespace tokenry::normalize {

namespace bert = unicode::bert;

class BertNormalizer final : public Normalizer {
public:
    explicit BertNormalizer(bert::Options options);

    // Bytes that are not UTF-8 stay as they are, and nothing changes its place across them.
    using Normalizer::normalize;
    std::string normalize(std::string_view text, Places* starts, Places* ends) const override;
    bool change(std::string_view text, std::string& result) const override;
    std::size_t growth() const override { return 3; }

    using Output = base::Buffer<std::uint8_t>;
    // Appends the normalised text.
    void append(std::string_view text, Output& out) const;
    // The same for a few printable ASCII characters, which most words are; false, and nothing done,
    // for other text.
    bool append_plain(std::string_view text, Output& out) const;

private:
    using Place = const std::uint8_t*;
    Place copy_ascii(Place at, Place end, Output& out) const;
    Place change_one(Place at, Place end, std::uint8_t flags, unicode::Character character,
                     Output& out) const;
    Place strip(Place next, Place end, const bert::Spelling& spelling, Output& out) const;
    Place order(Place next, Place end, const bert::Spelling& first, Output& out) const;
    void lower(std::uint32_t code, Output& out) const;

    static constexpr std::uint8_t kGone = 0xFF;

    bert::Options options_;
    std::uint8_t flags_;    // those that have a meaning
    std::uint8_t changes_;  // those of characters that change
    std::array<std::uint8_t, 128> ascii_;
    base::ByteSet unsure_;  // first bytes of characters that may change
};

}  // namespace tokenry::normalize
