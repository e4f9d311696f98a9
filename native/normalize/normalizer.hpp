// What changes text before it is cut.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tokenry::normalize {

using Places = std::vector<std::int64_t>;

class Normalizer {
public:
    virtual ~Normalizer() = default;

    // Any bytes are allowed. Where `starts` is given, it gets for each byte of the result the place
    // of the text that it was made from, and `ends` where that ends; an inserted byte has an empty
    // range.
    virtual std::string normalize(std::string_view text, Places* starts, Places* ends) const = 0;
    std::string normalize(std::string_view text) const { return normalize(text, nullptr, nullptr); }

    // Whether a text changes, and what it becomes then. False only where it stays as it is; `result`
    // is of no meaning then.
    virtual bool change(std::string_view text, std::string& result) const {
        result = normalize(text);
        return true;
    }

    // Bytes that a byte of text becomes, at most.
    virtual std::size_t growth() const = 0;
};

}  // namespace tokenry::normalize
