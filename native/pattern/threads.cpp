#include "pattern/threads.hpp"

#include <algorithm>
#include <stdexcept>

namespace tokenry::pattern {
namespace {

void check(const Program& program) {
    const std::size_t count = program.instructions.size();
    const auto needs = [](bool right) {
        if (!right) throw std::invalid_argument("a program points outside itself");
    };
    needs(count > 0);
    for (const Instruction& each : program.instructions) {
        if (each.kind == Instruction::Kind::match) continue;
        const bool forks = each.kind == Instruction::Kind::fork;
        needs(each.first < (forks ? count : program.sets.size()) && each.second < count);
    }
}

}  // namespace

Threads::Threads(const Program& program, Search search)
    : program_(program), all_(search == Search::all), added_(program.instructions.size()), walked_(program.instructions.size()) {
    check(program);
    for (const Instruction& each : program.instructions) {
        if (each.kind != Kind::after) continue;
        std::vector<bool> seen(program.instructions.size());
        asks_back_late_ = asks_back_late_ || asks_back(each.second, seen);
    }
}

bool Threads::looks_back() const {
    return std::any_of(program_.instructions.begin(), program_.instructions.end(),
                       [](const Instruction& each) { return each.kind == Kind::before; });
}

bool Threads::asks_back(std::uint32_t place, std::vector<bool>& seen) const {
    if (seen[place]) return false;
    seen[place] = true;
    const Instruction& each = program_.instructions[place];
    if (each.kind == Kind::before) return true;
    if (each.kind == Kind::after) return asks_back(each.second, seen);
    return each.kind == Kind::fork && (asks_back(each.first, seen) || asks_back(each.second, seen));
}

// Marks an instruction; false where it was reached before in this round.
bool Threads::mark(std::vector<std::uint32_t>& marks, std::uint32_t place, std::uint32_t mark) {
    if (marks[place] == mark) return false;
    marks[place] = mark;
    return true;
}

Threads::List Threads::start(Symbol before) {
    List list;
    ++round_;
    closed_ = false;
    add(0, before, list);
    return list;
}

// Adds the thread at an instruction, or those that it forks into; what follows is not known yet.
void Threads::add(std::uint32_t place, Symbol before, List& list) {
    if (closed_ || !mark(added_, place, round_)) return;
    const Instruction& each = program_.instructions[place];
    if (each.kind == Kind::fork) {
        add(each.first, before, list);
        add(each.second, before, list);
    } else if (each.kind == Kind::before) {
        if (has(each.first, before)) add(each.second, before, list);
    } else {
        list.push_back(place);
        closed_ = each.kind == Kind::match && !all_;
    }
}

Threads::List Threads::step(const List& threads, Symbol before, Symbol next, bool& ends) {
    List list;
    ++round_;
    closed_ = false;
    ends = false;
    for (const std::uint32_t place : threads) {
        ends = walk(place, before, next, list) || ends;
        if (ends && !all_) break;
    }
    if (all_ && next != kEdge) add(0, next, list);  // another match may begin behind it
    return list;
}

// Takes a thread over a character, what forks from it before what comes behind; true where it
// matches before the character.
bool Threads::walk(std::uint32_t place, Symbol before, Symbol next, List& list) {
    if (!mark(walked_, place, round_)) return false;
    const Instruction& each = program_.instructions[place];
    switch (each.kind) {
        case Kind::match: return true;
        case Kind::take:
            if (next != kEdge && has(each.first, next)) add(each.second, next, list);
            return false;
        case Kind::fork: {
            const bool ends = walk(each.first, before, next, list);
            return (ends && !all_) || walk(each.second, before, next, list) || ends;
        }
        case Kind::before:
            return has(each.first, before) && walk(each.second, before, next, list);
        case Kind::after:
            return has(each.first, next) && walk(each.second, before, next, list);
    }
    return false;
}

}  // namespace tokenry::pattern
