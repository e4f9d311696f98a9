// Growing arrays that do not pay for initialisation.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "base/pages.hpp"

namespace tokenry::base {

// Like std::vector for plain values, but growth leaves new elements unset and the memory can be
// handed to someone else (release), who frees it with std::free.
template <typename T>
class Buffer {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    Buffer() = default;
    Buffer(Buffer&& other) noexcept { swap(other); }
    Buffer& operator=(Buffer&& other) noexcept {
        swap(other);
        return *this;
    }
    ~Buffer() { std::free(data_); }

    T* data() { return data_; }
    const T* data() const { return data_; }
    std::size_t size() const { return size_; }
    std::size_t capacity() const { return capacity_; }
    T& operator[](std::size_t i) { return data_[i]; }
    const T& operator[](std::size_t i) const { return data_[i]; }
    T* end() { return data_ + size_; }

    // Room for `more` elements beyond the size.
    void reserve_more(std::size_t more) {
        if (capacity_ - size_ < more) grow(size_ + more);
    }
    void set_size(std::size_t size) { size_ = size; }  // within the capacity
    void clear() { size_ = 0; }
    void push(T value) {
        reserve_more(1);
        data_[size_++] = value;
    }
    void append(const T* values, std::size_t count) {
        reserve_more(count);
        if (count) std::memcpy(data_ + size_, values, count * sizeof(T));
        size_ += count;
    }
    void free_memory() { Buffer().swap(*this); }
    void fit() {
        if (void* smaller = std::realloc(data_, std::max<std::size_t>(1, size_ * sizeof(T)))) {
            data_ = static_cast<T*>(smaller);
            capacity_ = size_;
        }
    }
    T* release() {
        T* memory = data_;
        data_ = nullptr;
        size_ = capacity_ = 0;
        return memory;
    }
    void swap(Buffer& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        std::swap(capacity_, other.capacity_);
    }

private:
    void grow(std::size_t needed) {
        const std::size_t capacity = std::max(needed, capacity_ + capacity_ / 2 + 16);
        void* memory = std::realloc(data_, capacity * sizeof(T));
        if (memory == nullptr) throw std::bad_alloc();
        prefer_large_pages(memory, capacity * sizeof(T));
        data_ = static_cast<T*>(memory);
        capacity_ = capacity;
    }

    T* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace tokenry::base
