// What segmenters of raw words say of a whole text, where its last word is not one like others.
#pragma once
#include <optional>

#include "base/text.hpp"

namespace tokenry::encode {

class TextEnd {
public:
    // The text without what is removed from its end; nothing where its last word would not have
    // there the ids that it has before a space.
    virtual std::optional<base::Text> ended(base::Text text) const = 0;

protected:
    ~TextEnd() = default;
};

}  // namespace tokenry::encode
