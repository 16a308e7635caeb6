/// Made-up papers and classes of any size, the same from the same seed.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace assay::graders::exams::test {

/// Thirty statements, five questions of four options, ten numbers: sixty items without formulas. Or ten
/// formulas.
class SyntheticPaper {
 public:
  explicit SyntheticPaper(bool formulas) {
    toml_ = "id = \"synthetic\"\ntitle = \"A synthetic paper\"\n";
    if (formulas)
      add_formulas();
    else
      add_sixty_items();
  }

  const std::string& toml() const { return toml_; }

  /// A class of students who know between a quarter and all of it.
  void write_class(const std::string& file, std::size_t sheets, std::uint64_t seed) const {
    std::mt19937_64 random(seed);
    std::ofstream stream(file, std::ios::binary);
    stream << "id,name,email";
    for (const Column& column : columns_) stream << ',' << column.id;
    stream << "\r\n";
    for (std::size_t s = 1; s <= sheets; ++s) {
      const std::uint64_t knows = 25 + random() % 76;
      stream << fmt::format("s{:05},Student {},s{:05}@example.org", s, s, s);
      for (const Column& column : columns_) {
        const auto& answers = random() % 100 < knows ? column.right : column.wrong;
        stream << ",\"" << answers[random() % answers.size()] << '"';
      }
      stream << "\r\n";
    }
  }

 private:
  struct Column {
    std::string id;
    std::vector<std::string> right, wrong;
  };

  void add_sixty_items() {
    toml_ +=
        "[[section]]\nid = \"tf\"\ntitle = \"True or false\"\nscheme = { kind = \"signed\", correct = \"2\", "
        "wrong = "
        "\"-1\", blank = \"0\" }\n[[section]]\nid = \"mc\"\ntitle = \"Multiple choice\"\nscheme = { kind = "
        "\"all-or-partial\", some_correct = true }\n[[section]]\nid = \"nr\"\ntitle = \"Numbers\"\nscheme = "
        "{ kind = "
        "\"cells\" }\n";
    for (int i = 1; i <= 30; ++i) {
      item(fmt::format("tf.{}", i), "section = \"tf\"", "claim", "true-false",
           fmt::format("{{ holds = \"{} > 15\" }}", i));
      columns_.push_back(i > 15 ? Column{fmt::format("tf.{}", i), {"T", "true"}, {"F", "", "T F"}}
                                : Column{fmt::format("tf.{}", i), {"F", "false"}, {"T", "", "?"}});
    }
    for (int q = 1; q <= 5; ++q) {
      toml_ += fmt::format(
          "[[question]]\nid = \"mc.{}\"\nsection = \"mc\"\ntext = \"Which?\"\npoints = \"4\"\n", q);
      for (int o = 0; o < 4; ++o)
        item(fmt::format("mc.{}.{}", q, "ABCD"[o]), fmt::format("question = \"mc.{}\"", q), "claim", "option",
             fmt::format("{{ holds = \"{} > 1\" }}", o));
      columns_.push_back({fmt::format("mc.{}", q), {"C, D", "CD"}, {"C", "A", "A, D", ""}});
    }
    for (int i = 1; i <= 10; ++i) {
      item(fmt::format("nr.{}", i), "section = \"nr\"", "numeric", "number",
           fmt::format("{{ count = \"8*{}\" }}", i));
      columns_.push_back({fmt::format("nr.{}", i),
                          {fmt::format("{}", 8 * i), fmt::format("8*{}", i)},
                          {"7", fmt::format("{}", i), "", "eight"}});
    }
  }

  void add_formulas() {
    toml_ +=
        "[[section]]\nid = \"f\"\ntitle = \"Formulas\"\nscheme = { kind = \"cells\" }\n[[setting]]\nid = "
        "\"line\"\n[setting.inputs]\nw = { shape = [], values = [-4, 4], grid = \"1/4\" }\nx = { shape = [], "
        "values = "
        "[-4, 4], grid = \"1/4\" }\ny = { shape = [], values = [-4, 4], grid = \"1/4\" }\n";
    for (int i = 1; i <= 10; ++i) {
      item(fmt::format("f.{}", i), "section = \"f\"", "formula", "formula",
           fmt::format("{{ formula = \"{}*x*(w*x - y)\", setting = \"line\" }}", i));
      columns_.push_back(
          {fmt::format("f.{}", i),
           {fmt::format("{0}*x*(w*x - y)", i), fmt::format("{0} w x^2 - {0} x y", i),
            fmt::format("\\frac{{{0}x(2wx - 2y)}}{{2}}", i)},
           {fmt::format("{}*(w*x - y)", i), fmt::format("-{}*x*(w*x - y)", i), "x*w", "x*(", ""}});
    }
  }

  void item(const std::string& id, const std::string& where, const std::string& kind,
            const std::string& answer, const std::string& key) {
    toml_ += fmt::format(
        "[[item]]\nid = \"{}\"\n{}\nkind = \"{}\"\nanswer = \"{}\"\ntext = \"Item {}?\"\nkey = {}\n", id,
        where, kind, answer, id, key);
  }

  std::string toml_;
  std::vector<Column> columns_;
};

}  // namespace assay::graders::exams::test
