#include "base/pages.hpp"

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <sys/mman.h>
#endif

#include <new>

namespace tokenry::base {
namespace {

constexpr std::size_t large_page = Pages::large_page;
[[maybe_unused]] constexpr std::size_t small_page = std::size_t{64} << 10;  // of any system, or a multiple of it

void ask_for_large_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) {
#ifdef MADV_HUGEPAGE
    madvise(memory, bytes, MADV_HUGEPAGE);
#endif
}

}  // namespace

void prefer_large_pages(void* memory, std::size_t bytes) {
    if (bytes < 8 * large_page) return;
    const auto address = reinterpret_cast<std::size_t>(memory);
    const std::size_t before = (large_page - address % large_page) % large_page;
    ask_for_large_pages(static_cast<char*>(memory) + before,
                        (bytes - before) / large_page * large_page);
}

#if defined(_WIN32)
// Large pages need a right that few have.
Pages::Pages(std::size_t bytes, Use)
    : data_(VirtualAlloc(nullptr, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)), bytes_(bytes) {
    if (data_ == nullptr) throw std::bad_alloc();
}

Pages::~Pages() {
    if (data_ != nullptr) VirtualFree(data_, 0, MEM_RELEASE);
}
#else
Pages::Pages(std::size_t bytes, Use use) {
    // One large page more, so that the rest can start on a boundary.
    const bool large = bytes >= large_page;
    const std::size_t size = large ? bytes + large_page : bytes;
    void* memory =
        mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    data_ = memory;
    bytes_ = bytes;
    if (!large) return;
    const auto address = reinterpret_cast<std::size_t>(memory);
    const std::size_t before = (large_page - address % large_page) % large_page;
    char* start = static_cast<char*>(memory) + before;
    if (before > 0) munmap(memory, before);
    const std::size_t kept = (bytes + small_page - 1) / small_page * small_page;
    if (size > before + kept) munmap(start + kept, size - before - kept);
    data_ = start;
    const std::size_t small = use == Use::in_order ? large_page : 0;
    ask_for_large_pages(start + small, (bytes - small) / large_page * large_page);
}

Pages::~Pages() {
    if (data_ != nullptr) munmap(data_, bytes_);
}
#endif

}  // namespace tokenry::base
