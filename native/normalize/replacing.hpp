// Text that is replaced, put before a text, or taken from its ends.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/pool.hpp"
#include "normalize/edits.hpp"
#include "split/finder.hpp"

namespace tokenry::normalize {

// `content` for each occurrence of a text, of which none is empty.
class LiteralReplacer final : public Editor {
public:
    LiteralReplacer(std::string sought, std::string content)
        : sought_(std::move(sought)), content_(std::move(content)) {}
    std::size_t growth() const override { return content_.size() / sought_.size() + 1; }

private:
    void edit(std::string_view text, Edits& edits) const override;

    std::string sought_, content_;
};

// `content` for each match of a pattern, of which none is empty.
class PatternReplacer final : public TextEditor {
public:
    PatternReplacer(std::shared_ptr<const split::Finder> matches, std::string content);
    PatternReplacer(const PatternReplacer&) = delete;
    PatternReplacer& operator=(const PatternReplacer&) = delete;
    std::size_t growth() const override { return content_.size() + 1; }

private:
    void edit_text(std::string_view text, Edits& edits) const override;

    std::shared_ptr<const split::Finder> matches_;
    std::string content_;
    mutable base::Pool<split::FinderScratch> scratches_;
};

// `content` before a text.
class Prepender final : public TextEditor {
public:
    explicit Prepender(std::string content) : content_(std::move(content)) {}
    std::size_t growth() const override { return content_.size() + 1; }

private:
    void edit_text(std::string_view text, Edits& edits) const override;

    std::string content_;
};

// White space taken from the ends of a text.
class Stripper final : public TextEditor {
public:
    Stripper(bool left, bool right) : left_(left), right_(right) {}
    std::size_t growth() const override { return 1; }

private:
    void edit_text(std::string_view text, Edits& edits) const override;

    bool left_, right_;
};

// Each byte of a text as a character of the byte-level alphabet of GPT-2.
class ByteSpeller final : public TextEditor {
public:
    std::size_t growth() const override { return 2; }

private:
    void edit_text(std::string_view text, Edits& edits) const override;
};

}  // namespace tokenry::normalize
