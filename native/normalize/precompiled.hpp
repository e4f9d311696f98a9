// Charsmap rules as Hugging Face's tokenizers applies them.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "normalize/charsmap.hpp"
#include "normalize/normalizer.hpp"

namespace tokenry::normalize {

// A grapheme cluster of several characters and less than six bytes becomes what the shortest rule
// that it begins with gives; of every other cluster, each character does so by itself. `text` is
// valid UTF-8. `starts`, where given, gets for each byte of the result the place of the input
// that it was made from, and `ends` where that ends.
std::string apply_precompiled(const Charsmap& map, std::string_view text, Places* starts, Places* ends);

// The same to what is UTF-8 of any bytes.
class PrecompiledNormalizer final : public Normalizer {
public:
    explicit PrecompiledNormalizer(std::shared_ptr<const Charsmap> map) : map_(std::move(map)) {}

    using Normalizer::normalize;
    std::string normalize(std::string_view text, Places* starts, Places* ends) const override;
    std::size_t growth() const override { return map_->growth(); }

private:
    std::shared_ptr<const Charsmap> map_;
};

}  // namespace tokenry::normalize
