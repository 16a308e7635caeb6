#include "graders/exams/mark_class.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

namespace assay::graders::exams {
namespace {

struct Done {
  MarkedSheet sheet;
  Texts texts;
};

class Line {
 public:
  Line(const Marker& marker, unsigned jobs, const ClassSteps& steps)
      : marker_(marker), steps_(steps), most_in_flight_(16 * static_cast<std::size_t>(jobs)) {}

  /// Waits while enough sheets are on their way. Throws once a thread has failed.
  void put(fixtures::Sheet&& sheet) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return failure_ || put_ - taken_ < most_in_flight_; });
    if (failure_) std::rethrow_exception(failure_);
    waiting_.emplace_back(put_++, std::move(sheet));
    work_.notify_one();
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    work_.notify_all();
  }

  void work() {
    try {
      while (auto next = get()) {
        MarkedSheet marked = marker_(next->second);
        Texts texts = steps_.render(marked);
        finish(next->first, {std::move(marked), std::move(texts)});
      }
    } catch (...) {
      fail(std::current_exception());
    }
  }

  void fail(std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = failure;
    closed_ = true;
    waiting_.clear();
    room_.notify_all();
    work_.notify_all();
  }

  void rethrow_failure() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  using Numbered = std::pair<std::size_t, fixtures::Sheet>;

  std::optional<Numbered> get() {
    std::unique_lock lock(mutex_);
    work_.wait(lock, [&] { return closed_ || !waiting_.empty(); });
    if (waiting_.empty()) return std::nullopt;
    Numbered next = std::move(waiting_.front());
    waiting_.pop_front();
    return next;
  }

  void finish(std::size_t number, Done done) {
    const std::lock_guard lock(mutex_);
    done_.emplace(number, std::move(done));
    for (auto next = done_.find(taken_); next != done_.end() && !failure_; next = done_.find(taken_)) {
      steps_.take(next->second.sheet, next->second.texts);
      done_.erase(next);
      ++taken_;
    }
    room_.notify_all();
  }

  const Marker& marker_;
  const ClassSteps& steps_;
  const std::size_t most_in_flight_;
  std::mutex mutex_;
  std::condition_variable room_, work_;
  std::deque<Numbered> waiting_;
  std::map<std::size_t, Done> done_;
  std::size_t put_ = 0, taken_ = 0;
  bool closed_ = false;
  std::exception_ptr failure_;
};

}  // namespace

void mark_class(const Marker& marker, unsigned jobs, const ClassSteps& steps) {
  Line line(marker, std::max(1u, jobs), steps);
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < std::max(1u, jobs); ++i) threads.emplace_back([&line] { line.work(); });
  try {
    steps.read([&](fixtures::Sheet&& sheet) { line.put(std::move(sheet)); });
  } catch (...) {
    line.fail(std::current_exception());
  }
  line.close();
  threads.clear();  // joins
  line.rethrow_failure();
}

}  // namespace assay::graders::exams
