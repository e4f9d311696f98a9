#include "pattern/replace.hpp"

namespace tokenry::pattern {

std::string replace(const split::Finder& matches, std::string_view text, std::string_view content) {
    std::string result;
    result.reserve(text.size());
    const auto scratch = matches.make_scratch();
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    std::size_t kept = 0;  // up to here all is in the result
    for (std::size_t begin = 0; begin < text.size();) {
        const split::Pretokens found = matches.find(bytes, text.size(), begin, *scratch);
        for (std::size_t i = 0; i < found.count; ++i) {
            result.append(text, kept, begin + found.begins[i] - kept);
            result.append(content);
            kept = begin + found.ends[i];
        }
        begin += found.covered;
    }
    return result.append(text, kept);
}

}  // namespace tokenry::pattern
