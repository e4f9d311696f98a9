#include "base/thread_pool.hpp"

#if !defined(_WIN32)
#include <pthread.h>
#endif
#if defined(__linux__)
#include <sched.h>
#endif

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "base/interrupts.hpp"

namespace tokenry::base {
namespace {

using Task = std::function<void(unsigned, std::size_t)>;

// Tasks that are handed out in ascending order. On a cache line of its own, as threads take from
// their own parts most of the time.
struct alignas(64) Part {
    std::atomic<std::size_t> next{0};
    std::size_t end = 0;

    bool exhausted() const { return next.load(std::memory_order_relaxed) >= end; }
};

// One call of parallel_for. It lives on the caller's stack until no helper holds it.
struct Job {
    Job(std::size_t count, unsigned threads, std::size_t parts_wanted, const Task& task_)
        : task(task_), parts(parts_wanted), helpers_wanted(threads - 1) {
        for (std::size_t i = 0; i < parts.size(); ++i) {
            parts[i].next = count * i / parts.size();
            parts[i].end = count * (i + 1) / parts.size();
        }
    }

    const Task& task;
    std::vector<Part> parts;
    unsigned helpers_wanted;
    unsigned threads_started = 1;
    unsigned helpers_inside = 0;
    std::atomic<bool> failed{false};
    std::exception_ptr error{};

    bool exhausted() const {
        return std::all_of(parts.begin(), parts.end(), [](const Part& part) { return part.exhausted(); });
    }

    void work(unsigned thread) {
        try {
            for (std::size_t k = 0; k < parts.size(); ++k) {
                Part& part = parts[(thread + k) % parts.size()];
                for (std::size_t i; (i = part.next.fetch_add(1, std::memory_order_relaxed)) < part.end;) {
                    task(thread, i);
                    poll();
                }
            }
        } catch (...) {
            fail();
        }
    }

    // Keeps the exception that is being handled, where it is the first, and ends the hand-out.
    void fail() {
        if (!failed.exchange(true)) error = std::current_exception();
        for (Part& part : parts) part.next.store(part.end, std::memory_order_relaxed);
    }
};

class Pool {
public:
    void run(Job& job) {
        {
            std::lock_guard lock(mutex_);
            start(job.helpers_wanted);
            jobs_.push_back(&job);
        }
        wake_.notify_all();
        job.work(0);
        std::unique_lock lock(mutex_);
        jobs_.erase(std::find(jobs_.begin(), jobs_.end(), &job));
        while (!left_.wait_for(lock, std::chrono::milliseconds(50),
                               [&] { return job.helpers_inside == 0; })) {
            lock.unlock();
            try {
                ask_to_go_on();
            } catch (...) {
                job.fail();
            }
            lock.lock();
        }
    }

    // Before a fork: nobody may change the pool, and idle helpers leave.
    void freeze() {
        mutex_.lock();
        if (!jobs_.empty()) return;  // a busy pool stays; the child forgets it
        stopping_ = true;
        mutex_.unlock();
        wake_.notify_all();
        for (std::thread& helper : helpers_) helper.join();
        mutex_.lock();
        helpers_.clear();
        stopping_ = false;
    }
    void thaw() { mutex_.unlock(); }

private:
    // Called with the mutex held.
    void start(unsigned wanted) {
        while (helpers_.size() < wanted) helpers_.emplace_back([this] { help(); });
    }

    Job* pick() {
        for (Job* job : jobs_)
            if (job->helpers_wanted > 0 && !job->exhausted()) return job;
        return nullptr;
    }

    void help() {
        std::unique_lock lock(mutex_);
        for (;;) {
            Job* job = nullptr;
            wake_.wait(lock, [&] { return stopping_ || (job = pick()) != nullptr; });
            if (job == nullptr) return;
            --job->helpers_wanted;
            ++job->helpers_inside;
            const unsigned thread = job->threads_started++;
            lock.unlock();
            {
                const StoppedBy stopped(job->failed);
                job->work(thread);
            }
            lock.lock();
            if (--job->helpers_inside == 0) left_.notify_all();
        }
    }

    std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable left_;
    std::vector<Job*> jobs_;
    std::vector<std::thread> helpers_;
    bool stopping_ = false;
};

std::mutex guard;
std::mutex pool_mutex;
// Never destroyed: helpers may still wait on it while the process ends.
Pool* pool = nullptr;

#if defined(_WIN32)
void watch_forks() {}  // there are none
#else
void before_fork() {
    pool_mutex.lock();
    if (pool != nullptr) pool->freeze();
    guard.lock();
}
void in_parent() {
    guard.unlock();
    if (pool != nullptr) pool->thaw();
    pool_mutex.unlock();
}
void in_child() {
    guard.unlock();
    pool = nullptr;  // its helpers do not exist here
    pool_mutex.unlock();
}

void watch_forks() {
    static const int registered = pthread_atfork(before_fork, in_parent, in_child);
    (void)registered;
}
#endif

Pool& the_pool() {
    watch_forks();
    std::lock_guard lock(pool_mutex);
    if (pool == nullptr) pool = new Pool;
    return *pool;
}

void run(std::size_t count, unsigned threads, bool in_parts, const Task& task) {
    const unsigned useful = useful_threads(count, threads);
    if (useful <= 1) {
        for (std::size_t i = 0; i < count; ++i) {
            task(0, i);
            if (i + 1 < count) poll();
        }
        return;
    }
    Job job(count, useful, in_parts ? useful : 1, task);
    the_pool().run(job);
    if (job.error) std::rethrow_exception(job.error);
}

unsigned processors() {
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return static_cast<unsigned>(CPU_COUNT(&set));
#endif
    return std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace

void parallel_for(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t)>& task) {
    run(count, threads, false, [&](unsigned, std::size_t i) { task(i); });
}

void parallel_parts(std::size_t count, unsigned threads,
                    const std::function<void(unsigned thread, std::size_t i)>& task) {
    run(count, threads, true, task);
}

std::mutex& fork_guard() {
    watch_forks();
    return guard;
}

unsigned default_threads() {
    if (const char* text = std::getenv("TOKENRY_THREADS")) {
        const long asked = std::strtol(text, nullptr, 10);
        if (asked > 0) return static_cast<unsigned>(std::min(asked, 1024L));
    }
    return std::min(64u, processors());
}

}  // namespace tokenry::base
