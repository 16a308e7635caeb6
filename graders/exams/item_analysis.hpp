/// What a class made of a paper, gathered sheet by sheet; the memory does not grow with the class, but for
/// one entry for each total that occurs.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fixtures/exam.hpp"
#include "graders/exams/mark.hpp"

namespace assay::graders::exams {

/// Different texts and how often each occurs. Beyond a thousand different ones, new ones are only counted.
class Frequencies {
 public:
  void add(const std::string& text);
  /// The most frequent first; of equally frequent ones the first in the alphabet.
  std::vector<std::pair<std::string, std::size_t>> top(std::size_t count) const;
  std::size_t uncounted() const { return others_; }

 private:
  std::map<std::string, std::size_t> counts_;
  std::size_t others_ = 0;
};

/// The correlation of two quantities, in one pass.
class Correlation {
 public:
  void add(double x, double y);
  /// Nothing where one of them is constant.
  std::optional<double> value() const;

 private:
  double count_ = 0, mean_x_ = 0, mean_y_ = 0, xx_ = 0, yy_ = 0, xy_ = 0;
};

struct ItemStatistics {
  static constexpr std::size_t outcome_count = static_cast<std::size_t>(Outcome::lost) + 1;
  std::array<std::size_t, outcome_count> outcomes{};
  std::size_t decided = 0;  ///< neither waiting nor lost
  std::size_t marked = 0;   ///< of an option: how many marked it
  Points credit = 0;        ///< summed over the decided
  Correlation with_rest;    ///< credit, and the score without this item's question
  Frequencies wrong;        ///< as they were read
  std::map<std::string, std::pair<std::string, std::size_t>> mistakes;  ///< id -> text, count
  std::vector<std::string> waiting;  ///< the first students whose answer a person must look at

  std::size_t count(Outcome outcome) const { return outcomes[static_cast<std::size_t>(outcome)]; }
  /// The share of the item's points that the class earned: 1 is easy. Nothing where nobody was marked.
  std::optional<Points> difficulty() const;
};

class ItemAnalysis {
 public:
  static constexpr std::size_t named_waiting = 40;

  ItemAnalysis(const fixtures::Exam& exam, const std::vector<Unit>& units);
  void add(const MarkedSheet& sheet);

  std::size_t sheets() const { return sheets_; }
  std::size_t waiting_sheets() const { return waiting_; }
  const std::vector<ItemStatistics>& items() const { return items_; }
  /// Of sheets that nobody waits for; nothing where there are none.
  std::optional<Points> mean() const;
  std::optional<Points> median() const;
  /// How many of those scored below 0, and in each tenth of the points; full marks count in the last.
  std::array<std::size_t, 11> histogram() const;
  /// What each section earned on average, as far as it is certain.
  std::vector<Points> section_means() const;

 private:
  const fixtures::Exam& exam_;
  std::vector<std::size_t> unit_of_;  ///< of each item: the place of its question among the sheet's, or none
  std::vector<ItemStatistics> items_;
  std::map<Points, std::size_t> totals_;
  std::vector<Points> sections_;
  Points possible_ = 0;
  std::size_t sheets_ = 0, waiting_ = 0;
};

}  // namespace assay::graders::exams
