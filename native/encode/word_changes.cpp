#include "encode/word_changes.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "encode/local_engine.hpp"
#include "normalize/utf8.hpp"

namespace tokenry::encode {

std::string WordChanges::changed(Pretoken word) const {
    std::string text = normalizer_->normalize(rest_of(word));
    if (head_of(word) > 0 && !text.empty()) text.insert(text.begin(), ' ');
    if (rules_) return text;
    // A space that was put before a text would not have been put before what this becomes.
    const bool alone = text.size() < 2 || text[1] == ' ';
    const bool begins = word.size > 1 && word.text[0] == ' ' && word.text[1] != ' ';
    if (begins && alone) throw NotLocal();
    if (text.find(normalize::kSpaceMark) != text.npos) throw NotLocal();
    return text;
}

bool WordChanges::is_left(Pretoken word) const {
    const std::string_view text = word.view();
    const bool plain = base::is_ascii(word.text, word.size) ||
                       (normalize::is_utf8(text) && text.find(normalize::kSpaceMark) == text.npos);
    std::string unused;
    return plain && !normalizer_->change(text, unused);
}

// What a word becomes, of which `kept` bytes stay; false where a space comes of a rule, or where one
// leaves nothing: these act on what stands beside them.
bool WordChanges::change(Pretoken word, std::size_t kept, Changed& made) const {
    made.text.reserve(word.size + word.size / 2);
    for (std::size_t at = 0, stays = head_of(word) + kept;;) {
        made.text.append(word.view().substr(at, stays));
        at += stays;
        if (at == word.size) return true;
        const auto [length, text] = rules_->at(word.text + at, word.size - at);
        if (text.empty() || text == normalize::kSpaceMark || text.find(' ') != text.npos)
            return false;
        at += length;
        made.rules.push_back({made.text.size(), made.text.size() + text.size(), at});
        made.text.append(text);
        stays = rules_->kept(word.view().substr(at));
    }
}

// Makes of ends in what a word became, behind the first `before`, those of the word; what a rule wrote
// is not cut.
void WordChanges::take_back(const Changed& made, std::size_t before, Buffer<std::uint32_t>& ends) {
    std::uint32_t* to = ends.data() + before;
    auto next = made.rules.begin();
    std::size_t text_end = 0, word_end = 0;  // of the last rule
    for (const std::uint32_t* end = to; end != ends.end(); ++end) {
        for (; next != made.rules.end() && next->end <= *end; ++next) {
            text_end = next->end;
            word_end = next->end_in_word;
        }
        if (next != made.rules.end() && next->begin < *end) continue;
        *to++ = static_cast<std::uint32_t>(word_end + *end - text_end);
    }
    const auto count = static_cast<std::size_t>(to - ends.data()) - before;
    ends.set_size(before + (count > 1 ? count : 0));
}

// A space alone is a word, of which nothing is left, so it is never made a part.
void WordChanges::join_space(Pretoken word, std::size_t before, Buffer<std::uint32_t>& ends) const {
    if (ends.size() == before || ends[before] > 1 || head_of(word) == 0) return;
    std::copy(ends.data() + before + 1, ends.end(), ends.data() + before);
    ends.set_size(ends.size() - before > 2 ? ends.size() - 1 : before);
}

}  // namespace tokenry::encode
