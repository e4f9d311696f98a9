// What is open in a program, through the branches of its #if: each begins as the first one did.
#pragma once
#include <optional>
#include <vector>

namespace tokenry::domains {

template <typename T>
class OpenBrackets {
public:
    std::vector<T> open;

    void condition() {
        // Deeper ones are none that people write, and copies of them would take quadratic time.
        const bool keeps = open.size() <= most && saved_.size() <= most;
        saved_.push_back(keeps ? std::optional(open) : std::nullopt);
    }
    void otherwise() {
        if (!saved_.empty() && saved_.back()) open = *saved_.back();
    }
    void end_condition() {
        if (!saved_.empty()) saved_.pop_back();
    }

private:
    static constexpr std::size_t most = 256;
    std::vector<std::optional<std::vector<T>>> saved_;
};

}  // namespace tokenry::domains
