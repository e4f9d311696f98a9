#include "normalize/edits.hpp"

#include <numeric>

#include "normalize/stretches.hpp"

namespace tokenry::normalize {

void Edits::replace(std::size_t begin, std::size_t end, std::string_view with) {
    begin += from_;
    end += from_;
    if (text_.substr(begin, end - begin) == with) return;  // each of its bytes stands for itself
    if (!any_) {
        result_.clear();
        result_.reserve(text_.size() + text_.size() / 8);
        any_ = true;
    }
    keep(begin);
    result_.append(with);
    if (starts_ != nullptr) {
        starts_->insert(starts_->end(), with.size(), static_cast<std::int64_t>(begin));
        ends_->insert(ends_->end(), with.size(), static_cast<std::int64_t>(end));
    }
    done_ = end;
}

bool Edits::finish() {
    if (any_ || starts_ != nullptr) keep(text_.size());
    return any_;
}

void Edits::keep(std::size_t end) {
    if (any_) result_.append(text_.substr(done_, end - done_));
    if (starts_ != nullptr) {
        const std::size_t before = starts_->size();
        starts_->resize(before + end - done_);
        std::iota(starts_->begin() + static_cast<std::ptrdiff_t>(before), starts_->end(),
                  static_cast<std::int64_t>(done_));
        ends_->resize(before + end - done_);
        std::iota(ends_->begin() + static_cast<std::ptrdiff_t>(before), ends_->end(),
                  static_cast<std::int64_t>(done_) + 1);
    }
    done_ = end;
}

std::string Editor::normalize(std::string_view text, Places* starts, Places* ends) const {
    std::string result;
    Edits edits(text, result, starts, ends);
    edit(text, edits);
    return edits.finish() ? result : std::string(text);
}

bool Editor::change(std::string_view text, std::string& result) const {
    Edits edits(text, result);
    edit(text, edits);
    return edits.finish();
}

void TextEditor::edit(std::string_view text, Edits& edits) const {
    each_valid(text, [&](std::size_t begin, std::size_t end) {
        edits.count_from(begin);
        edit_text(text.substr(begin, end - begin), edits);
    });
}

}  // namespace tokenry::normalize
