#include "domains/program_marks.hpp"

#include <bit>
#include <stdexcept>

#include "base/interrupts.hpp"
#include "domains/gap_memory.hpp"
#include "domains/text_numbers.hpp"

namespace tokenry::domains {
namespace {

constexpr int no_line = 1 << 20;  // the level of a leaf that begins no line
constexpr std::int32_t nothing = -1;

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_small(char c) { return c >= 'a' && c <= 'z'; }

class Writer {
public:
    Writer(base::Text data, const LeafRow& leaves, Language language, const CodeWords& words, bool inline_names)
        : data_(reinterpret_cast<const char*>(data.data()), data.size()), leaves_(leaves), language_(language),
          words_(words), lexicon_(words.of(language)), inline_(inline_names) {}

    Marked run() {
        lead();
        number();
        const bool lines = language_ == Language::fortran || language_ == Language::python;
        made_.marks.reserve(2 * leaves_.size() + 1);
        put(marks::first_language + static_cast<std::uint64_t>(language_));
        for (std::size_t i = 0; i < leaves_.size(); ++i) {
            const int level = lines ? level_before(i) : no_line;
            gap(i, level);
            if (level != no_line) line(level);
            leaf(i);
            paced_.step();
        }
        gap(leaves_.size(), no_line);
        return std::move(made_);
    }

private:
    std::string_view text(std::size_t i) const { return data_.substr(leaves_[i].begin, leaves_[i].end - leaves_[i].begin); }
    std::string_view gap_before(std::size_t i) const {
        const std::size_t begin = i == 0 ? 0 : leaves_[i - 1].end;
        const std::size_t end = i == leaves_.size() ? data_.size() : leaves_[i].begin;
        return data_.substr(begin, std::max(begin, end) - begin);
    }

    // Words of the language, and numbers for all else.
    void lead() {
        leading_.resize(leaves_.size());
        names_.resize(leaves_.size(), nothing);
        for (std::size_t i = 0; i < leaves_.size(); ++i) {
            leading_[i] = leaves_[i].kind == Kind::broken ? std::int32_t{0} : word(i);
            if (leading_[i] == nothing) names_[i] = static_cast<std::int32_t>(numbers_.of(text(i)));
        }
    }
    std::int32_t word(std::size_t i) {
        const std::string_view said = text(i);
        const int found = lexicon_.find(said);
        if (found != Lexicon::none || language_ != Language::fortran) return found;
        small_.assign(said);
        bool capital = false;
        for (char& c : small_) {
            if (is_small(c)) return nothing;
            capital = capital || is_capital(c);
            if (is_capital(c)) c = static_cast<char>(c | 32);
        }
        const int mark = capital ? lexicon_.find(small_) : nothing;
        if (mark != nothing) made_.capitals.push_back(static_cast<std::int64_t>(i));
        return mark;
    }
    // The strongest kind of each name, and its number among those of the kind.
    void number() {
        kinds_.resize(numbers_.size(), 0);
        for (std::size_t i = 0; i < leaves_.size(); ++i)
            if (names_[i] != nothing) {
                auto& kind = kinds_[static_cast<std::size_t>(names_[i])];
                kind = std::max(kind, shown(i));
            }
        ranks_.resize(kinds_.size());
        for (std::size_t name = 0; name < kinds_.size(); ++name) ranks_[name] = made_.counts[kinds_[name]]++;
        for (std::size_t kind = 0; kind < kind_count; ++kind) {
            if (made_.counts[kind] >= std::int64_t{1} << 24)
                throw std::invalid_argument("the file has " + std::to_string(made_.counts[kind]) + " names of a kind; 16777216 can be");
            for (std::size_t name = 0; name < kinds_.size(); ++name)
                if (kinds_[name] == kind) made_.names.add(numbers_.text(name));
        }
        said_.resize(kinds_.size());
    }
    // A variable before a bracket is a function or an array.
    std::uint8_t shown(std::size_t i) const {
        const Kind kind = leaves_[i].kind;
        if (kind == Kind::variable && i + 1 < leaves_.size()) {
            if (leading_[i + 1] == round_) return static_cast<std::uint8_t>(Kind::function);
            if (leading_[i + 1] == square_) return static_cast<std::uint8_t>(Kind::array);
        }
        return static_cast<std::uint8_t>(kind);
    }

    // By how many levels the line that a leaf begins is further in than the last one.
    int level_before(std::size_t i) {
        const std::string_view gap = gap_before(i);
        const std::size_t end = gap.rfind('\n');
        if (end == gap.npos) return no_line;
        if (language_ != Language::python) return 0;
        std::size_t indent = 0;
        while (end + 1 + indent < gap.size() && (gap[end + 1 + indent] == ' ' || gap[end + 1 + indent] == '\t')) ++indent;
        if (indent > indents_.back()) {
            indents_.push_back(indent);
            return 1;
        }
        int level = 0;
        for (; indent < indents_.back(); --level) indents_.pop_back();
        return level;
    }
    void gap(std::size_t i, int level) {
        const std::uint32_t before = i == 0 ? marks::broken : symbol(i - 1);
        const std::uint32_t after = i == leaves_.size() ? marks::broken : symbol(i);
        const std::uint32_t line = level == no_line ? 0 : level < 0 ? 1 : level == 0 ? 2 : 3;
        const std::string_view said = gap_before(i);
        Gap found = Gap::of(said);
        if (found.new_line) {
            const std::int64_t indent = found.indent;
            found.indent -= indent_;
            indent_ = indent;
        }
        Gap& kept = memory_.at(pair_of(before, after, line, words_.mark_count()));
        if (kept == found) {
            ++as_foretold_;
            return;
        }
        kept = found;
        made_.skips.push_back(as_foretold_);
        made_.gaps.add(said);
        as_foretold_ = 0;
    }
    std::uint32_t symbol(std::size_t i) const {
        if (names_[i] == nothing) return static_cast<std::uint32_t>(leading_[i]);
        return marks::first_kind + kinds_[static_cast<std::size_t>(names_[i])];
    }

    void put(std::uint64_t mark) {
        made_.marks.push_back(static_cast<std::uint16_t>(mark));
        made_.places.push_back(made_.run.size());
    }
    void line(int level) {
        put(marks::line);
        if (level > 0) put(marks::in);
        if (level >= 0) return;
        put(marks::out);
        put(marks::first_digit + std::min<std::uint64_t>(static_cast<std::uint64_t>(-level), digits - 1));
    }
    void leaf(std::size_t i) {
        put(symbol(i));
        if (names_[i] == nothing) {
            if (leading_[i] == 0) made_.run += text(i);
            return;
        }
        const auto name = static_cast<std::size_t>(names_[i]);
        const auto rank = static_cast<std::uint32_t>(ranks_[name]);
        if (rank >= digits * digits) put(marks::first_high + rank / (digits * digits));
        if (rank >= digits) put(marks::first_high + rank / digits % digits);
        put(marks::first_digit + rank % digits);
        if (inline_ && !said_[name]) made_.run += text(i);
        said_[name] = true;
    }

    std::string_view data_;
    const LeafRow& leaves_;
    Language language_;
    const CodeWords& words_;
    const Lexicon& lexicon_;
    bool inline_;
    Marked made_;
    std::vector<std::int32_t> leading_;  // a mark, or nothing
    std::vector<std::int32_t> names_;    // an index, or nothing
    TextNumbers numbers_;
    std::vector<std::uint8_t> kinds_;
    std::vector<std::int64_t> ranks_;
    std::vector<bool> said_;
    std::string small_;
    const int round_ = lexicon_.find("("), square_ = lexicon_.find("[");
    GapMemory memory_;
    std::int64_t indent_ = 0, as_foretold_ = 0;
    std::vector<std::size_t> indents_{0};
    base::Paced paced_;
};

}  // namespace

Marked mark_program(base::Text data, const LeafRow& leaves, Language language, const CodeWords& words, bool inline_names) {
    return Writer(data, leaves, language, words, inline_names).run();
}

}  // namespace tokenry::domains
