// A splitter that does not cut inside certain texts.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "split/splitter.hpp"

namespace tokenry::split {

// Cuts where `base` does, but not inside an occurrence of one of `texts`.
std::unique_ptr<Splitter> glued(std::unique_ptr<Splitter> base,
                                const std::vector<std::string>& texts);

}  // namespace tokenry::split
