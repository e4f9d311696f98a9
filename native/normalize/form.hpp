// Unicode's normalization forms (Unicode Standard Annex 15).
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_set.hpp"
#include "normalize/edits.hpp"
#include "unicode/forms.hpp"

namespace tokenry::normalize {

// Text that is in the form is only looked at, and of that only characters whose first byte stands
// before some that may change. What changes is a stretch: a character that acts on none before it,
// and what follows up to the next of these.
class FormNormalizer final : public Editor {
public:
    enum class Form : std::uint8_t { nfc, nfd, nfkc, nfkd };

    explicit FormNormalizer(Form form);

    // Aligned by grapheme clusters: each byte of one that changed stands for all of it.
    using Normalizer::normalize;
    std::string normalize(std::string_view text, Places* starts, Places* ends) const override;
    std::size_t growth() const override { return compatible_ ? 11 : 3; }  // U+FDFA, U+0390

private:
    using Place = const std::uint8_t*;
    // A character of a decomposition.
    struct Part {
        std::uint32_t code;
        std::uint8_t order;
    };
    struct Work {
        std::vector<std::uint32_t> codes;
        std::vector<Part> parts;
        std::string text;
    };

    void edit(std::string_view text, Edits& edits) const override;
    Place next_unsure(Place at, Place end) const;
    bool joins(Place at, Place end) const;
    Place begin_of(Place at, Place first, Place end) const;
    Place end_of(Place at, Place end) const;
    std::string_view changed(Place begin, Place end, Work& work) const;
    void align(std::string_view text, Edits& edits) const;
    void align_clusters(std::string_view text, Edits& edits) const;

    bool compatible_, composes_;
    std::uint8_t changes_, joins_;  // flags of the form
    base::ByteSet leads_;           // first bytes of characters that are to be looked at
};

}  // namespace tokenry::normalize
