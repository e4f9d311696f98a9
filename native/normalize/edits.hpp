// A text with some of its parts replaced, and where each byte of it comes from.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "normalize/normalizer.hpp"

namespace tokenry::normalize {

class Edits {
public:
    // `starts` and `ends` are those of Normalizer::normalize; `result` is written only where something
    // is replaced.
    Edits(std::string_view text, std::string& result, Places* starts = nullptr, Places* ends = nullptr)
        : text_(text), result_(result), starts_(starts), ends_(ends) {}

    // What is said of places from now on counts from here.
    void count_from(std::size_t place) { from_ = place; }
    // text[begin, end) becomes `with`: what stands between two calls stays.
    void replace(std::size_t begin, std::size_t end, std::string_view with);
    // What is left of the text stays. False where nothing was replaced.
    bool finish();

private:
    void keep(std::size_t end);

    std::string_view text_;
    std::string& result_;
    Places *starts_, *ends_;
    std::size_t from_ = 0;
    std::size_t done_ = 0;  // up to here all is in the result
    bool any_ = false;
};

// A normalizer that says which parts of a text it replaces.
class Editor : public Normalizer {
public:
    using Normalizer::normalize;
    std::string normalize(std::string_view text, Places* starts, Places* ends) const override;
    bool change(std::string_view text, std::string& result) const override;

protected:
    virtual void edit(std::string_view text, Edits& edits) const = 0;
};

// One that looks at UTF-8 only, a stretch at a time; other bytes stay.
class TextEditor : public Editor {
protected:
    void edit(std::string_view text, Edits& edits) const final;
    virtual void edit_text(std::string_view text, Edits& edits) const = 0;
};

}  // namespace tokenry::normalize
