#include "normalize/sentencepiece.hpp"

#include "base/interrupts.hpp"
#include "normalize/utf8.hpp"
#include "unicode/utf8.hpp"

namespace tokenry::normalize {
namespace {

constexpr std::uint32_t kMarkCode = 0x2581;
constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

base::DoubleArray trie_of(const std::vector<std::string>& kept) {
    std::vector<base::DoubleArray::Entry> entries;
    for (const auto& key : kept) entries.push_back({key, std::uint32_t(entries.size())});
    return base::DoubleArray(std::move(entries));
}

}  // namespace

SentencePieceNormalizer::SentencePieceNormalizer(std::shared_ptr<const Charsmap> rules,
                                                 const std::vector<std::string>& kept,
                                                 bool remove_extra_spaces, DummySpace dummy)
    : rules_(std::move(rules)),
      kept_(trie_of(kept)),
      remove_extra_spaces_(remove_extra_spaces),
      dummy_(dummy) {
    for (int byte = 0; byte < 256; ++byte) {
        const auto lead = std::uint8_t(byte);
        const bool kept_begins =
            kept_.child(base::DoubleArray::kRoot, lead) != base::DoubleArray::kRoot;
        if (kept_begins || lead >= 0xF0 || is_continuation(lead)) continue;
        const bool ascii = lead < 0x80;
        if (!ascii || !rules_ || rules_->inert(lead, 0)) inert_[lead] |= kBeforeAscii;
        if (!ascii || !rules_ || rules_->inert(lead, 0xFF)) inert_[lead] |= kBeforeOther;
    }
    for (int byte = '!'; byte <= '~'; ++byte) graphic_inert_ &= (inert_[byte] & kBeforeAscii) != 0;
    printable_inert_ = graphic_inert_ && (inert_[int(' ')] & kBeforeAscii) != 0;
}

// Width of the character at the beginning of the text where it stays as it is, whatever follows;
// 0 where that takes a closer look. A space stays only after something else.
inline std::size_t SentencePieceNormalizer::inert_width(const std::uint8_t* text,
                                                       std::size_t size) const {
    const auto lead = text[0];
    if (lead < 0x80) {
        const auto need = size > 1 && text[1] >= 0x80 ? kBeforeOther : kBeforeAscii;
        return (inert_[lead] & need) ? 1 : 0;
    }
    if (!inert_[lead]) return 0;
    const auto [code, width] = unicode::decode(text, text + size);
    if (width < 2 || code == kMarkCode) return 0;
    return rules_ && !rules_->inert_character(code, size > width ? text[width] : 0) ? 0 : width;
}

Replacement SentencePieceNormalizer::at(const std::uint8_t* text, std::size_t size) const {
    std::uint32_t found;
    const auto* chars = reinterpret_cast<const char*>(text);
    if (const auto length = kept_.longest(text, size, found)) return {length, {chars, length}};
    const auto width = valid_width(text, size);
    const bool listed = width == 2 || width == 3;
    if (rules_ && (!listed || rules_->begins_rule(decode(text, width))))
        if (const auto rule = rules_->longest(text, size); rule.length) return rule;
    if (width == 0) return {1, kReplacementCharacter};
    return {width, {chars, width}};
}

// Width of the character at the beginning of the text where no rule begins; 0 where one does.
std::size_t SentencePieceNormalizer::plain_width(const std::uint8_t* text, std::size_t size) const {
    std::uint32_t found;
    if (kept_.longest(text, size, found) || (rules_ && rules_->longest(text, size).length)) return 0;
    const auto width = valid_width(text, size);
    return std::string_view(reinterpret_cast<const char*>(text), width) == kSpaceMark ? 0 : width;
}

std::size_t SentencePieceNormalizer::kept(std::string_view text) const {
    if (dummy_ != DummySpace::kNone) return 0;  // it is put before parts too
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    if (graphic_inert_ && is_graphic(bytes, text.size())) return text.size();
    std::size_t at = 0;
    while (at < text.size()) {
        if (remove_extra_spaces_ && bytes[at] == ' ') break;
        auto width = inert_width(bytes + at, text.size() - at);
        if (width == 0) width = plain_width(bytes + at, text.size() - at);
        if (width == 0) break;
        at += width;
    }
    return at;
}

// One text on its way through a normaliser.
class SentencePieceRun {
public:
    SentencePieceRun(const SentencePieceNormalizer& rules, std::string_view text,
                     std::vector<std::int64_t>* starts, std::vector<std::int64_t>* ends)
        : rules_(rules),
          bytes_(reinterpret_cast<const std::uint8_t*>(text.data())),
          size_(text.size()),
          starts_(starts),
          ends_(ends) {}

    std::string run() {
        if (size_ == 0) return {};
        output_.reserve(size_ + size_ / 16 + 16);
        if (rules_.remove_extra_spaces_) skip_spaces();
        if (at_ == size_) return {};
        if (rules_.dummy_ == DummySpace::kBefore) append(" ", at_, at_);
        after_space_ = rules_.remove_extra_spaces_;
        for (base::Paced pace; at_ < size_; pace.step()) {
            copy_inert();
            if (at_ < size_) step();
        }
        if (rules_.remove_extra_spaces_) drop_last_spaces();
        if (rules_.dummy_ == DummySpace::kAfter) append(" ", at_, at_);
        return std::move(output_);
    }

private:
    void skip_spaces() {
        while (at_ < size_) {
            const auto next = rules_.at(bytes_ + at_, size_ - at_);
            if (next.text != " ") return;
            at_ += next.length;
        }
    }

    // Copies characters that stay as they are, many at a time.
    void copy_inert() {
        auto end = at_, block = at_;
        bool space = after_space_;
        while (end < size_) {
            if (end >= block) {
                if (stays(end, space)) {
                    end += kBlock;
                    space = bytes_[end - 1] == ' ' && rules_.remove_extra_spaces_;
                    block = end;
                    continue;
                }
                block = end + kBlock;
            }
            const bool is_space = bytes_[end] == ' ';
            if (is_space && space) break;
            const auto width = rules_.inert_width(bytes_ + end, size_ - end);
            if (width == 0) break;
            space = is_space && rules_.remove_extra_spaces_;
            end += width;
        }
        if (end == at_) return;
        output_.append(reinterpret_cast<const char*>(bytes_ + at_), end - at_);
        if (starts_)
            for (auto i = std::int64_t(at_); i < std::int64_t(end); ++i) {
                starts_->push_back(i);
                ends_->push_back(i + 1);
            }
        at_ = end;
        after_space_ = space;
    }

    // Whether a block of printable ASCII stays, and something stands behind it that is ASCII too.
    bool stays(std::size_t at, bool space) const {
        if (!rules_.printable_inert_ || size_ - at <= kBlock) return false;
        const std::uint8_t* const block = bytes_ + at;
        std::uint8_t odd = block[kBlock] >> 7 | (space && block[0] == ' ');
        for (std::size_t i = 0; i < kBlock; ++i)
            odd |= std::uint8_t(block[i] - 0x20) > std::uint8_t(0x7E - 0x20);
        if (rules_.remove_extra_spaces_)
            for (std::size_t i = 1; i < kBlock; ++i)
                odd |= std::uint8_t(block[i] == ' ') & std::uint8_t(block[i - 1] == ' ');
        return !odd;
    }

    void step() {
        auto [length, text] = rules_.at(bytes_ + at_, size_ - at_);
        if (after_space_) text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
        if (!text.empty()) {
            append_unmarked(text, at_, at_ + length);
            after_space_ = rules_.remove_extra_spaces_ && text.back() == ' ';
        }
        at_ += length;
    }

    void append_unmarked(std::string_view text, std::size_t begin, std::size_t end) {
        for (;;) {
            const auto mark = text.find(kSpaceMark);
            append(text.substr(0, mark), begin, end);
            if (mark == text.npos) return;
            append(" ", begin, end);
            text.remove_prefix(mark + kSpaceMark.size());
        }
    }

    void append(std::string_view text, std::size_t begin, std::size_t end) {
        output_.append(text);
        if (!starts_) return;
        starts_->insert(starts_->end(), text.size(), std::int64_t(begin));
        ends_->insert(ends_->end(), text.size(), std::int64_t(end));
    }

    void drop_last_spaces() {
        while (!output_.empty() && output_.back() == ' ') output_.pop_back();
        if (!starts_) return;
        starts_->resize(output_.size());
        ends_->resize(output_.size());
    }

    static constexpr std::size_t kBlock = 16;

    const SentencePieceNormalizer& rules_;
    const std::uint8_t* bytes_;
    std::size_t size_, at_ = 0;
    std::vector<std::int64_t>*starts_, *ends_;
    std::string output_;
    bool after_space_ = false;
};

std::string SentencePieceNormalizer::normalize(std::string_view text,
                                               std::vector<std::int64_t>* starts,
                                               std::vector<std::int64_t>* ends) const {
    return SentencePieceRun(*this, text, starts, ends).run();
}

}  // namespace tokenry::normalize
