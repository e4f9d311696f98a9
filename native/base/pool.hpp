// Objects that are lent for the length of a call, so that threads share nothing that changes.
#pragma once
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/interrupts.hpp"
#include "base/thread_pool.hpp"

namespace tokenry::base {

template <typename Object>
class Pool {
public:
    explicit Pool(std::function<std::unique_ptr<Object>()> make) : make_(std::move(make)) {}

    class Lease {
    public:
        explicit Lease(Pool& pool) : pool_(pool), object_(pool.take()) {}
        // What was interrupted in the middle of its work is not lent again.
        ~Lease() {
            if (interruptions() == before_) pool_.give(std::move(object_));
        }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        Object& operator*() { return *object_; }
        Object* operator->() { return object_.get(); }

    private:
        Pool& pool_;
        std::unique_ptr<Object> object_;
        unsigned before_ = interruptions();
    };

    // One for each of several threads; given back so that the next call lends each thread the same.
    class Leases {
    public:
        Leases(Pool& pool, std::size_t count) : pool_(pool) {
            while (objects_.size() < count) objects_.push_back(pool.take());
        }
        ~Leases() {
            if (std::uncaught_exceptions() > before_) return;  // which were interrupted is not known
            for (; !objects_.empty(); objects_.pop_back()) pool_.give(std::move(objects_.back()));
        }
        Leases(const Leases&) = delete;
        Leases& operator=(const Leases&) = delete;
        Object& operator[](std::size_t thread) { return *objects_[thread]; }
        std::size_t size() const { return objects_.size(); }

    private:
        Pool& pool_;
        std::vector<std::unique_ptr<Object>> objects_;
        int before_ = std::uncaught_exceptions();
    };

    // Calls look(object) for all that are not lent.
    template <typename Look>
    void each(Look look) {
        std::lock_guard lock(fork_guard());
        for (const auto& object : idle_) look(*object);
    }

private:
    std::unique_ptr<Object> take() {
        {
            std::lock_guard lock(fork_guard());
            if (!idle_.empty()) {
                std::unique_ptr<Object> object = std::move(idle_.back());
                idle_.pop_back();
                return object;
            }
        }
        return make_();
    }
    void give(std::unique_ptr<Object> object) {
        std::lock_guard lock(fork_guard());
        idle_.push_back(std::move(object));
    }

    std::function<std::unique_ptr<Object>()> make_;
    std::vector<std::unique_ptr<Object>> idle_;
};

}  // namespace tokenry::base
