/// Keys that follow from a student's own earlier answers, for a whole class.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "fixtures/exam.hpp"
#include "graders/exams/key.hpp"

namespace assay::graders::exams {

/// follow_through (key.hpp), derived once for all students who wrote the same before. Safe to share between
/// threads; the exam must outlive it.
class FollowThrough {
 public:
  using Key = std::shared_ptr<const DerivedKey>;

  explicit FollowThrough(const fixtures::Exam& exam);

  /// Null where follow_through gives nothing. Numbers and shapes are the only values in `earlier`.
  Key operator()(const fixtures::Item& item, const EarlierValues& earlier) const;

 private:
  /// A class may hold as many different answers as students: what is beyond is derived anew.
  static constexpr std::size_t most_known = 4096;

  /// Another item that has a part in a key: by its answer, and if there is none by its own key (`derived`).
  struct Source {
    std::string id;
    bool derived = false;
  };

  /// Appends the answers that the key of `item` depends on; nothing where it follows from none.
  void add_sources(const std::string& item, const EarlierValues& earlier, std::set<std::string>& seen,
                   std::string& situation) const;

  const fixtures::Exam& exam_;
  std::map<std::string, std::vector<Source>, std::less<>> sources_;  ///< of each item
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, Key> known_;  ///< by item and what it depends on
};

}  // namespace assay::graders::exams
