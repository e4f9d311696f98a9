// Normalizers one after the other.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "normalize/normalizer.hpp"

namespace tokenry::normalize {

// Bytes that are not UTF-8 stay, and no step reads over them.
class NormalizerSequence final : public Normalizer {
public:
    using Steps = std::vector<std::shared_ptr<const Normalizer>>;

    explicit NormalizerSequence(Steps steps) : steps_(std::move(steps)) {}

    using Normalizer::normalize;
    std::string normalize(std::string_view text, Places* starts, Places* ends) const override;
    bool change(std::string_view text, std::string& result) const override;
    std::size_t growth() const override;

private:
    bool change_text(std::string_view text, std::string& result) const;
    std::string align_text(std::string_view text, Places& starts, Places& ends) const;

    Steps steps_;
};

}  // namespace tokenry::normalize
