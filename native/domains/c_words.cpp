#include "domains/c_words.hpp"

#include <array>
#include <cstdint>
#include <utility>

#include "domains/code_signs.hpp"

namespace tokenry::domains {
namespace {

struct Entry {
    std::string_view word;
    Sign sign = 0;
    bool only_cpp = false;
};

constexpr std::pair<Sign, std::string_view> of_both[] = {
    {signs::type_word,
     "void char short int long float double signed unsigned _Bool bool _Complex size_t ssize_t ptrdiff_t "
     "intptr_t uintptr_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t charptr_t "
     "nullptr_t max_align_t char8_t char16_t char32_t char64_t "},
    {signs::qualifier,
     "const volatile restrict __restrict __restrict__ __volatile__ _Atomic _Noreturn noreturn static extern "
     "inline __inline __inline__ __forceinline register auto _Thread_local thread_local __thread constexpr "
     "__extension__ __cdecl __clrcall __stdcall __fastcall __thiscall __vectorcall _Nonnull "},
    {signs::tag, "struct union "},
    {signs::enumeration, "enum "},
    {signs::type_definition, "typedef "},
    {signs::jump, "goto "},
    {signs::option, "case "},
    {signs::size_of, "sizeof alignof _Alignof __alignof __alignof__ "},
    {signs::control, "if while switch "},
    {signs::loop, "for "},
    {signs::statement, "else do __try __finally "},
    {signs::specifier, "__attribute__ __attribute __declspec alignas _Alignas __asm__ __asm asm _Generic offsetof "},
    {signs::word, "return break continue default NULL nullptr true false TRUE FALSE "},
};

constexpr std::pair<Sign, std::string_view> of_cpp[] = {
    {signs::type_word, "wchar_t "},
    {signs::qualifier,
     "consteval constinit virtual explicit friend mutable noexcept override final "},
    {signs::tag, "class typename "},
    {signs::statement, "try "},
    {signs::handler, "catch "},
    {signs::access, "public private protected "},
    {signs::templates, "template "},
    {signs::spaces, "namespace "},
    {signs::import, "using "},
    {signs::creation, "new "},
    {signs::operators, "operator "},
    {signs::specifier, "decltype static_assert requires "},
    {signs::word,
     "delete this throw co_await co_return co_yield concept and and_eq bitand bitor compl not not_eq or or_eq "
     "xor xor_eq "},
};

constexpr std::size_t room = 1024;

constexpr std::size_t slot_of(std::string_view word) {
    const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(word[i]); };
    return (word.size() * 67 + at(0) * 7u + at(word.size() - 1) * 31u + at(word.size() / 2) * 131u) % room;
}

using Table = std::array<Entry, room>;

constexpr void put(Table& table, std::string_view words, Sign sign, bool only_cpp) {
    for (std::size_t begin = 0, end; begin < words.size(); begin = end + 1) {
        end = words.find(' ', begin);
        const std::string_view word = words.substr(begin, end - begin);
        std::size_t slot = slot_of(word);
        while (!table[slot].word.empty()) slot = (slot + 1) % room;
        table[slot] = {word, sign, only_cpp};
    }
}

constexpr Table table = [] {
    Table made{};
    for (const auto& [sign, words] : of_both) put(made, words, sign, false);
    for (const auto& [sign, words] : of_cpp) put(made, words, sign, true);
    return made;
}();

}  // namespace

Sign c_word(std::string_view word, bool cpp) {
    if (cpp && word == "auto") return signs::type_word;
    for (std::size_t slot = slot_of(word); !table[slot].word.empty(); slot = (slot + 1) % room)
        if (table[slot].word == word) return table[slot].only_cpp && !cpp ? Sign{signs::name} : table[slot].sign;
    return signs::name;
}

}  // namespace tokenry::domains
