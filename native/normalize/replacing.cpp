#include "normalize/replacing.hpp"

#include "base/interrupts.hpp"
#include "normalize/utf8.hpp"
#include "unicode/classes.hpp"

namespace tokenry::normalize {
namespace {

const std::uint8_t* bytes_of(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

}  // namespace

void LiteralReplacer::edit(std::string_view text, Edits& edits) const {
    base::Paced pace;
    for (auto at = text.find(sought_); at != text.npos; at = text.find(sought_, at + sought_.size())) {
        edits.replace(at, at + sought_.size(), content_);
        pace.step();
    }
}

PatternReplacer::PatternReplacer(std::shared_ptr<const split::Finder> matches, std::string content)
    : matches_(std::move(matches)), content_(std::move(content)), scratches_([this] {
          return matches_->make_scratch();
      }) {}

void PatternReplacer::edit_text(std::string_view text, Edits& edits) const {
    base::Pool<split::FinderScratch>::Lease scratch(scratches_);
    for (std::size_t begin = 0; begin < text.size();) {
        const auto found = matches_->find(bytes_of(text), text.size(), begin, *scratch);
        for (std::size_t i = 0; i < found.count; ++i)
            edits.replace(begin + found.begins[i], begin + found.ends[i], content_);
        begin += found.covered;
        base::poll();
    }
}

void Prepender::edit_text(std::string_view text, Edits& edits) const {
    if (!text.empty()) edits.replace(0, 0, content_);
}

namespace {

bool is_white_space(const std::uint8_t* at, std::size_t width) {
    return unicode::mask({unicode::category(decode(at, width))}) & unicode::kSpace;
}

// Bytes of white space at the beginning of a text, and at its end.
std::size_t space_before(std::string_view text) {
    const auto* bytes = bytes_of(text);
    std::size_t at = 0;
    while (at < text.size() && is_white_space(bytes + at, utf8_width(bytes[at])))
        at += utf8_width(bytes[at]);
    return at;
}

std::size_t space_behind(std::string_view text) {
    const auto* bytes = bytes_of(text);
    std::size_t end = text.size();
    while (end > 0) {
        std::size_t at = end - 1;
        while (is_continuation(bytes[at])) --at;
        if (!is_white_space(bytes + at, end - at)) break;
        end = at;
    }
    return text.size() - end;
}

}  // namespace

void Stripper::edit_text(std::string_view text, Edits& edits) const {
    const std::size_t begin = left_ ? space_before(text) : 0;
    const std::size_t end = text.size() - (right_ ? space_behind(text.substr(begin)) : 0);
    edits.replace(0, begin, {});
    edits.replace(end, text.size(), {});
}

void ByteSpeller::edit_text(std::string_view text, Edits& edits) const {
    const auto* bytes = bytes_of(text);
    const auto spelled = [](std::uint8_t byte, std::uint8_t* to) {
        const bool low = byte <= 32, middle = byte >= 127 && byte <= 160;
        if (!low && !middle && byte != 173) return encode(byte, to);
        return encode(256u + (low ? byte : middle ? byte - 94u : 67u), to);
    };
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t width = utf8_width(bytes[at]);
        std::uint8_t with[8];
        std::size_t size = 0;
        for (std::size_t i = 0; i < width; ++i) size += spelled(bytes[at + i], with + size);
        edits.replace(at, at + width, {reinterpret_cast<const char*>(with), size});
        at += width;
    }
}

}  // namespace tokenry::normalize
