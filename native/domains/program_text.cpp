#include "domains/program_text.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <unordered_map>

#include "base/interrupts.hpp"
#include "domains/gap_memory.hpp"

namespace tokenry::domains {
namespace {

constexpr int no_line = 1 << 20;
constexpr std::int64_t widest = 1 << 12;  // spaces before a line
constexpr int number_bits = 24;

struct Word {
    std::uint32_t mark = 0, number = 0;
    int level = no_line;
    std::string_view spelt;  // behind its marks
    bool is_spelt = false, in_capitals = false;

    std::uint64_t key() const { return std::uint64_t{mark} << number_bits | number; }
    bool is_kind() const { return mark >= marks::first_kind && mark < marks::first_digit; }
};

[[noreturn]] void fail(const std::string& why) { throw std::invalid_argument(why); }

// The marks in front of each word, and its bytes.
class Words {
public:
    Words(std::span<const std::uint16_t> found, std::span<const std::uint64_t> places, std::string_view run, std::size_t mark_count)
        : marks_(found), places_(places), run_(run), mark_count_(mark_count) {}

    std::vector<Word> read() {
        if (marks_.empty() || marks_[0] < marks::first_language || marks_[0] >= marks::first_kind)
            fail("a program begins with the mark of its language; these ids do not");
        if (marks_.size() != places_.size() || places_[0] != 0) fail("bytes stand before the first mark");
        no_bytes();
        std::vector<Word> words;
        words.reserve(marks_.size() / 2 + 1);
        while (at_ < marks_.size()) {
            words.push_back(word());
            paced_.step();
        }
        return words;
    }

private:
    std::uint32_t now() const { return at_ < marks_.size() ? marks_[at_] : std::uint32_t{marks::line}; }
    bool is_within(std::uint32_t first, std::uint32_t end) const { return now() >= first && now() < end && at_ < marks_.size(); }
    // The bytes behind the mark at hand, over which it goes.
    std::string_view bytes() {
        const std::uint64_t begin = places_[at_];
        const std::uint64_t end = ++at_ < marks_.size() ? places_[at_] : run_.size();
        if (begin > end || end > run_.size()) fail("marks do not stand in the order of the bytes");
        return run_.substr(begin, end - begin);
    }
    void no_bytes() {
        if (!bytes().empty()) fail("bytes stand behind a mark that none can follow");
    }

    Word word() {
        Word made;
        if (now() == marks::line) made.level = level();
        const bool is_line = now() <= marks::out && now() != marks::broken && at_ < marks_.size();
        if (is_line) fail("marks between two words are no new line; see the marks of code");
        if (!is_word())
            fail("the marks are no program: a number without a kind, a kind without a number, or a new line without a word");
        made.mark = now();
        if (made.mark >= mark_count_) fail("there is no mark of such a number");
        if (made.is_kind()) {
            no_bytes();
            made.number = number();
        } else if (made.mark != marks::broken) {
            no_bytes();
            return made;
        }
        made.spelt = bytes();
        made.is_spelt = !made.spelt.empty() || made.mark == marks::broken;
        return made;
    }
    bool is_word() const {
        if (at_ >= marks_.size()) return false;
        return now() == marks::broken || now() >= marks::first_word || is_within(marks::first_kind, marks::first_digit);
    }
    int level() {
        no_bytes();
        if (now() == marks::in) {
            no_bytes();
            return 1;
        }
        if (now() != marks::out) return 0;
        no_bytes();
        if (!is_within(marks::first_digit, marks::first_high)) fail("marks between two words are no new line; see the marks of code");
        const int out = static_cast<int>(now() - marks::first_digit);
        no_bytes();
        return -out;
    }
    // Up to two high digits, and a low one at which it stays.
    std::uint32_t number() {
        std::uint32_t value = 0;
        for (int high = 0; high < 2 && is_within(marks::first_high, marks::first_word); ++high) {
            value = value * digits + now() - marks::first_high;
            no_bytes();
        }
        if (!is_within(marks::first_digit, marks::first_high)) fail("a placeholder has no number; a kind is followed by its digits");
        return value * digits + now() - marks::first_digit;
    }

    std::span<const std::uint16_t> marks_;
    std::span<const std::uint64_t> places_;
    std::string_view run_;
    std::size_t mark_count_, at_ = 0;
    base::Paced paced_;
};

// Texts one by one.
std::vector<std::string_view> apart(const Texts& texts, const char* what) {
    std::vector<std::string_view> found;
    std::size_t at = 0;
    for (const std::int64_t size : texts.sizes) {
        if (size < 0 || static_cast<std::uint64_t>(size) > texts.bytes.size() - at)
            fail(std::string(what) + " of a program are damaged: their sizes do not add up");
        found.push_back(texts.bytes.substr(at, static_cast<std::size_t>(size)));
        at += static_cast<std::size_t>(size);
    }
    if (at != texts.bytes.size()) fail(std::string(what) + " of a program are damaged: their sizes do not add up");
    return found;
}

class Program {
public:
    Program(std::vector<Word> found, const Aside& aside, const CodeWords& words)
        : found_(std::move(found)), aside_(aside), words_(words), names_(apart(aside.names, "names")),
          gaps_(apart(aside.gaps, "spaces")) {
        tell_names();
        tell_capitals();
    }

    std::string write() {
        if (aside_.skips && aside_.skips->size() != gaps_.size())
            fail("the spaces of a program are damaged: they are not as many as is said");
        for (std::size_t i = 0; i < found_.size(); ++i) {
            gap(i);
            text(found_[i]);
            paced_.step();
        }
        gap(found_.size());
        if (aside_.skips && said_ != gaps_.size())
            fail("the spaces of a program are damaged: more gaps are said than there are words to stand between");
        return std::move(made_);
    }

private:
    void tell_names() {
        if (aside_.counts.size() > kind_count) fail("the table of names is damaged: there are 12 kinds");
        std::int64_t all = 0;
        for (std::size_t kind = 0; kind < kind_count; ++kind) {
            first_[kind] = all;
            const std::int64_t count = kind < aside_.counts.size() ? aside_.counts[kind] : 0;
            if (count < 0 || count > std::ssize(names_)) fail("the table of names is damaged: its counts do not add up");
            all += count;
        }
        first_[kind_count] = all;
        if (all != std::ssize(names_)) fail("the table of names is damaged: its counts do not add up");
        for (const Word& each : found_)
            if (each.is_kind() && each.is_spelt) spelt_.try_emplace(each.key(), each.spelt);
    }
    void tell_capitals() {
        for (const std::int64_t where : aside_.capitals) {
            if (where < 0 || where >= std::ssize(found_))
                fail("word " + std::to_string(where) + " is said to be in capitals, but there are " + std::to_string(found_.size()));
            found_[static_cast<std::size_t>(where)].in_capitals = true;
        }
    }

    void text(const Word& word) {
        const std::size_t begin = made_.size();
        if (word.mark == marks::broken) made_ += word.spelt;
        else if (word.is_kind()) name(word);
        else made_ += words_.word(word.mark);
        if (!word.in_capitals) return;
        for (std::size_t i = begin; i < made_.size(); ++i)
            if (made_[i] >= 'a' && made_[i] <= 'z') made_[i] = static_cast<char>(made_[i] & ~32);
    }
    void name(const Word& word) {
        if (word.is_spelt) {
            made_ += word.spelt;
            return;
        }
        if (!spelt_.empty())
            if (const auto found = spelt_.find(word.key()); found != spelt_.end()) {
                made_ += found->second;
                return;
            }
        const std::size_t kind = word.mark - marks::first_kind;
        const std::int64_t at = first_[kind] + word.number;
        if (at < first_[kind + 1]) made_ += names_[static_cast<std::size_t>(at)];
        else usual_name(word);
    }
    // What stands for a name that nobody said.
    void usual_name(const Word& word) {
        const std::string number = std::to_string(word.number);
        switch (static_cast<Kind>(word.mark - marks::first_kind)) {
            case Kind::number:
                made_ += number;
                return;
            case Kind::string:
                made_ += "\"str_" + number + '"';
                return;
            case Kind::character:
                made_ += '\'' + number + '\'';
                return;
            default:
                made_ += words_.kind(word.mark) + '_' + number;
        }
    }

    void gap(std::size_t i) {
        if (!aside_.skips) return usual_gap(i);
        const bool last = i == found_.size();
        const std::uint32_t before = i == 0 ? std::uint32_t{marks::broken} : found_[i - 1].mark;
        const int level = last ? no_line : found_[i].level;
        const std::uint32_t line = level == no_line ? 0 : level < 0 ? 1 : level == 0 ? 2 : 3;
        Gap& kept = memory_.at(pair_of(before, last ? std::uint32_t{marks::broken} : found_[i].mark, line, words_.mark_count()));
        if (said_ < gaps_.size() && (*aside_.skips)[said_] == as_foretold_) {
            said(kept);
            return;
        }
        ++as_foretold_;
        made_ += kept.head;
        if (!kept.new_line) return;
        indent_ = std::max<std::int64_t>(indent_ + kept.indent, 0);
        if (indent_ > widest) fail("the spaces of a program are damaged: a line is indented by more than " + std::to_string(widest));
        made_.append(static_cast<std::size_t>(indent_), ' ');
    }
    void said(Gap& kept) {
        const std::string_view text = gaps_[said_++];
        as_foretold_ = 0;
        made_ += text;
        kept = Gap::of(text);
        if (!kept.new_line) return;
        const std::int64_t indent = kept.indent;
        kept.indent -= indent_;
        indent_ = indent;
    }
    // Spaces as nobody said them: one between words, a new line where one is marked or usual.
    void usual_gap(std::size_t i) {
        if (i == found_.size()) {
            if (i > 0) made_ += '\n';
        } else if (i > 0 && found_[i].level == no_line) {
            const std::uint32_t before = found_[i - 1].mark;
            if (std::ranges::find(ends_, before) != ends_.end()) made_ += '\n';
            else if (before != new_line_) made_ += ' ';
        } else if (i > 0) {
            level_ = std::clamp<std::int64_t>(level_ + found_[i].level, 0, widest / 4);
            made_ += '\n';
            made_.append(static_cast<std::size_t>(4 * level_), ' ');
        }
    }

    std::vector<Word> found_;
    const Aside& aside_;
    const CodeWords& words_;
    std::vector<std::string_view> names_, gaps_;
    std::array<std::int64_t, kind_count + 1> first_{};
    std::unordered_map<std::uint64_t, std::string_view> spelt_;
    const std::uint32_t new_line_ = words_.mark_of("\n");
    const std::array<std::uint32_t, 3> ends_{words_.mark_of(";"), words_.mark_of("{"), words_.mark_of("}")};
    GapMemory memory_;
    std::int64_t indent_ = 0, as_foretold_ = 0, level_ = 0;
    std::size_t said_ = 0;
    std::string made_;
    base::Paced paced_;
};

}  // namespace

std::string write_program(std::span<const std::uint16_t> found, std::span<const std::uint64_t> places,
                          std::string_view run, const Aside& aside, const CodeWords& words) {
    return Program(Words(found, places, run, words.mark_count()).read(), aside, words).write();
}

}  // namespace tokenry::domains
