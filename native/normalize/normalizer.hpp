// What changes text before it is cut.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tokenry::normalize {

class Normalizer {
public:
    virtual ~Normalizer() = default;

    // Any bytes are allowed. Where `starts` is given, it gets for each byte of the result the place
    // of the text that it was made from, and `ends` where that ends; an inserted byte has an empty
    // range.
    virtual std::string normalize(std::string_view text, std::vector<std::int64_t>* starts,
                                  std::vector<std::int64_t>* ends) const = 0;
    std::string normalize(std::string_view text) const { return normalize(text, nullptr, nullptr); }
};

}  // namespace tokenry::normalize
