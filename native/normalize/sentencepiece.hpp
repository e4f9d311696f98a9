// Normalisation of a SentencePiece model: rules, white space, and the space put before the text.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "encode/double_array.hpp"
#include "normalize/charsmap.hpp"

namespace tokenry {

enum class DummySpace : std::uint8_t { kNone, kBefore, kAfter };

class SentencePieceNormalizer {
public:
    // `kept` are byte strings that no rule may change (user-defined pieces as they stand in text).
    SentencePieceNormalizer(std::shared_ptr<const Charsmap> rules,
                            const std::vector<std::string>& kept, bool remove_extra_spaces,
                            DummySpace dummy);

    // The text that is segmented; each U+2581 of it is given as a plain space. Bytes that are not
    // UTF-8 become U+FFFD one by one. For `starts` and `ends` see apply_precompiled.
    std::string normalize(std::string_view text, std::vector<std::int64_t>* starts,
                          std::vector<std::int64_t>* ends) const;

private:
    friend class SentencePieceRun;
    Replacement at(const std::uint8_t* text, std::size_t size) const;
    bool inert(std::uint8_t byte, std::uint8_t next) const { return inert_[next >> 7][byte]; }

    std::shared_ptr<const Charsmap> rules_;
    DoubleArray kept_;
    bool remove_extra_spaces_;
    DummySpace dummy_;
    // ASCII bytes that stay as they are before an ASCII byte (0) and before another one (1)
    bool inert_[2][256] = {};
};

}  // namespace tokenry
