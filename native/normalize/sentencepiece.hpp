// Normalisation of a SentencePiece model: rules, white space, and the space put before the text.
#pragma once
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/double_array.hpp"
#include "normalize/charsmap.hpp"
#include "normalize/normalizer.hpp"

namespace tokenry::normalize {

enum class DummySpace : std::uint8_t { kNone, kBefore, kAfter };

class SentencePieceNormalizer final : public Normalizer {
public:
    // `kept` are byte strings that no rule may change (user-defined pieces as they stand in text).
    SentencePieceNormalizer(std::shared_ptr<const Charsmap> rules,
                            const std::vector<std::string>& kept, bool remove_extra_spaces,
                            DummySpace dummy);

    // The text that is segmented; each U+2581 of it is given as a plain space. Bytes that are not
    // UTF-8 become U+FFFD one by one.
    using Normalizer::normalize;
    std::string normalize(std::string_view text, Places* starts, Places* ends) const override;
    // U+FFFD, or what a rule writes.
    std::size_t growth() const override { return std::max<std::size_t>(3, rules_ ? rules_->growth() : 0); }

    // Bytes at the beginning of the text that quickly show that they stay as they are, and that what is
    // cut from them would: whole characters of valid UTF-8, none of them U+2581. More may stay.
    std::size_t kept(std::string_view text) const;
    // What the bytes at the beginning of the text become, but for extra spaces; its length is at least 1.
    Replacement at(const std::uint8_t* text, std::size_t size) const;

private:
    friend class SentencePieceRun;
    std::size_t inert_width(const std::uint8_t* text, std::size_t size) const;
    std::size_t plain_width(const std::uint8_t* text, std::size_t size) const;

    std::shared_ptr<const Charsmap> rules_;
    base::DoubleArray kept_;
    bool remove_extra_spaces_;
    DummySpace dummy_;
    // Whether a character that begins with a byte stays as it is before ASCII and before the rest.
    static constexpr std::uint8_t kBeforeAscii = 1, kBeforeOther = 2;
    std::uint8_t inert_[256] = {};
    bool graphic_inert_ = true;  // whether '!' to '~' do before ASCII
    bool printable_inert_ = true;  // and ' ' too
};

}  // namespace tokenry::normalize
