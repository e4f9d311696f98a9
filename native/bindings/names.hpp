// Enumerators by the names that Python has for them.
#pragma once
#include <cstddef>
#include <stdexcept>
#include <string>

namespace tokenry::bindings {

template <class Enum>
struct Name {
    const char* name;
    Enum value;
};

template <class Enum, std::size_t count>
const char* name_of(Enum value, const Name<Enum> (&names)[count]) {
    for (const Name<Enum>& each : names)
        if (each.value == value) return each.name;
    throw std::logic_error("an enumerator has no name");
}

// `what` is the parameter that the name was given for.
template <class Enum, std::size_t count>
Enum value_of(const std::string& name, const char* what, const Name<Enum> (&names)[count]) {
    std::string known;
    for (const Name<Enum>& each : names) {
        if (name == each.name) return each.value;
        known += (known.empty() ? "" : ", ") + std::string(each.name);
    }
    throw std::invalid_argument(std::string(what) + " is '" + name + "'; expected one of " + known);
}

}  // namespace tokenry::bindings
