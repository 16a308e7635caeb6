/// What students write, right and wrong, with the settings that it is written in.
#pragma once

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "fixtures/exam.hpp"

namespace assay::properties::testing {

struct Variant {
  std::string text;
  bool right = false;
  std::string why;  ///< of a wrong one: the mistake
};

struct CorpusItem {
  std::string id;
  fixtures::Setting setting;
  fixtures::WrittenFormula key;
  bool statement = false;
  std::vector<Variant> variants;
};

inline std::filesystem::path corpus_folder() {
  return std::filesystem::path(ASSAY_SOURCE_DIR) / "tests" / "properties";
}

/// Lines "= ITEM", "+ right", "- wrong | why", "# comment".
inline void read_variants(std::vector<CorpusItem>& items) {
  std::ifstream lines(corpus_folder() / "formula_corpus.txt");
  CorpusItem* now = nullptr;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::string rest = line.substr(2);
    if (line[0] == '=') {
      now = nullptr;
      for (CorpusItem& item : items)
        if (item.id == rest) now = &item;
      if (!now) throw std::runtime_error("no item " + rest);
    } else if (line[0] == '+') {
      now->variants.push_back({rest, true, ""});
    } else {
      const std::size_t bar = rest.rfind(" | ");
      if (line[0] != '-' || bar == rest.npos) throw std::runtime_error("no variant: " + line);
      now->variants.push_back({rest.substr(0, bar), false, rest.substr(bar + 3)});
    }
  }
}

inline const std::vector<CorpusItem>& corpus() {
  static const std::vector<CorpusItem> all = [] {
    std::vector<CorpusItem> items;
    for (const char* file : {"formula_corpus_nets.toml", "formula_corpus_losses.toml"}) {
      const fixtures::Exam exam = fixtures::load_exam(corpus_folder() / file);
      for (const fixtures::Item& item : exam.items) {
        const auto& key = std::get<fixtures::FormulaKey>(item.key);
        items.push_back({item.id,
                         *exam.find_setting(key.setting),
                         key.formula,
                         item.answer == fixtures::AnswerKind::statement,
                         {}});
      }
    }
    read_variants(items);
    return items;
  }();
  return all;
}

}  // namespace assay::properties::testing
