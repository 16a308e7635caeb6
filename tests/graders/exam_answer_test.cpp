/// What people write on answer sheets, and what is understood.
#include <gtest/gtest.h>

#include <ctime>
#include <random>
#include <string>
#include <vector>

#include "graders/exams/answer.hpp"

namespace assay::graders::exams {
namespace {

using fixtures::AnswerKind;
using fixtures::Item;

Item item_of(AnswerKind kind, const std::string& unit = {}) {
  Item item;
  item.id = "q.1";
  item.answer = kind;
  item.unit = unit;
  return item;
}

/// The answer in a few words, so that a table can hold what is expected of it.
std::string shown(const Answer& answer) {
  struct Show {
    std::string operator()(const Blank&) const { return "blank"; }
    std::string operator()(const Unreadable& error) const {
      return "unreadable at " + std::to_string(error.offset);
    }
    std::string operator()(const Ambiguous&) const { return "ambiguous"; }
    std::string operator()(const TruthAnswer& truth) const {
      return (truth.holds ? "true" : "false") +
             (truth.certainty ? " " + std::to_string(truth.certainty) : std::string());
    }
    std::string operator()(const NumberAnswer& number) const {
      std::string text = number.value.get_str();
      if (number.half_unit != 0) text += " +- " + number.half_unit.get_str();
      for (const auto& other : number.others) text += " or " + other.get_str();
      return text;
    }
    std::string operator()(const ShapeAnswer& shape) const {
      std::string text;
      for (const auto& extent : shape.extents) text += (text.empty() ? "" : "x") + extent.get_str();
      return text + (shape.layout.empty() ? "" : " " + shape.layout);
    }
    std::string operator()(const NamesAnswer& names) const {
      std::string text = "{";
      for (const auto& name : names.names) text += (text == "{" ? "" : " ") + name;
      return text + "}";
    }
    std::string operator()(const WordAnswer& word) const { return word.word; }
    std::string operator()(const TextAnswer& text) const { return "text " + text.text; }
  };
  return std::visit(Show{}, answer);
}

struct Example {
  std::string written, understood;
};

void expect_all(const Item& item, const std::vector<Example>& examples) {
  for (const auto& [written, understood] : examples)
    EXPECT_EQ(shown(read_answer(item, written)), understood) << "\"" << written << "\"";
}

TEST(ExamAnswer, ReadsTrueAndFalseInTheUsualSpellings) {
  expect_all(item_of(AnswerKind::true_false),
             {{"T", "true"},     {" true ", "true"}, {"TRUE.", "true"},      {"yes", "true"},
              {"Y", "true"},     {"✓", "true"},      {"1", "true"},          {"right", "true"},
              {"(T)", "true"},   {"T, T", "true"},   {"F", "false"},         {"False", "false"},
              {"no", "false"},   {"✗", "false"},     {"0", "false"},         {"incorrect", "false"},
              {"T 3", "true 3"}, {"F2", "false 2"},  {"true (1)", "true 1"}, {"1 3", "true 3"}});
}

TEST(ExamAnswer, KeepsBlankDoubleAndUnreadableMarksApart) {
  expect_all(item_of(AnswerKind::true_false), {{"", "blank"},
                                               {"  ", "blank"},
                                               {"-", "blank"},
                                               {"—", "blank"},
                                               {"n/a", "blank"},
                                               {"N/A", "blank"},
                                               {"?", "blank"},
                                               {"T/F", "ambiguous"},
                                               {"T F", "ambiguous"},
                                               {"TF", "ambiguous"},
                                               {"yes and no", "unreadable at 4"},
                                               {"✓✗", "ambiguous"},
                                               {"x", "ambiguous"},
                                               {"maybe", "unreadable at 0"},
                                               {"  not true", "unreadable at 2"},
                                               {"W", "unreadable at 0"},
                                               {"T 4", "unreadable at 2"},
                                               {"10", "unreadable at 0"}});
}

TEST(ExamAnswer, ReadsOptionsInCellsOfTheirOwn) {
  expect_all(item_of(AnswerKind::option), {{"x", "true"},
                                           {"X", "true"},
                                           {"●", "true"},
                                           {"1", "true"},
                                           {"○", "false"},
                                           {"0", "false"},
                                           {"", "blank"},
                                           {"marked", "true"},
                                           {"● ○", "ambiguous"},
                                           {"hm", "unreadable at 0"}});
}

TEST(ExamAnswer, ReadsNumbersAsPeopleWriteThem) {
  expect_all(item_of(AnswerKind::number), {{"716", "716"},
                                           {"716.", "716"},
                                           {" +716", "716"},
                                           {"−5", "-5"},
                                           {"7.1e2", "710 +- 5"},
                                           {"7.16E2", "716 +- 1/2"},
                                           {"7.1 × 10^2", "710 +- 5"},
                                           {"7.1 \\times 10^{2}", "710 +- 5"},
                                           {"2.5·10⁻¹", "1/4 +- 1/200"},
                                           {"2.5·10^-1", "1/4 +- 1/200"},
                                           {"61,706", "61706"},
                                           {"1,234,567", "1234567"},
                                           {"61 706", "61706"},
                                           {"61\u202f706", "61706"},
                                           {"61{,}706", "61706"},
                                           {"61'706", "61706"},
                                           {"22/7", "22/7"},
                                           {"1.5", "3/2 +- 1/20"},
                                           {"6.0", "6 +- 1/20"},
                                           {".5", "1/2 +- 1/20"},
                                           {"10 %", "1/10"},
                                           {"10\\%", "1/10"},
                                           {"12.5%", "1/8 +- 1/2000"},
                                           {"12 million", "12000000 +- 500000"},
                                           {"61.7k", "61700 +- 50"},
                                           {"none", "0"},
                                           {"≈ 716", "716 +- 1/2"},
                                           {"224 parameters", "224"},
                                           {"$224$", "224"},
                                           {"total: 224", "224"},
                                           {"params = 224", "224"}});
}

TEST(ExamAnswer, EvaluatesProductsExactly) {
  expect_all(item_of(AnswerKind::number),
             {{"8*3*3*3+8", "224"},
              {"8 x 3 x 3 x 3 + 8", "224"},
              {"8x3x3x3+8", "224"},
              {"$8 \\times 3 \\times 3 \\times 3 + 8$", "224"},
              {"256·10+10", "2570"},
              {"(5*5*1+1)*10", "260"},
              {"[5*5*1 + 1]*10", "260"},
              {"(3×3×3+1)×8 params", "224"},
              {"5²", "25"},
              {"3^4*3^4", "6561"},
              {"2**10", "1024"},
              {"\\frac{1}{3} + 1/6", "1/2"},
              {"(2/3)*9", "6"},
              {"2^200", "1606938044258990275541962092341162602522202993782792835301376"}});
  EXPECT_EQ(std::get<NumberAnswer>(read_answer(item_of(AnswerKind::number), "8 x 3 x 3 x 3 + 8")).expression,
            std::get<NumberAnswer>(read_answer(item_of(AnswerKind::number), "8*3*3*3+8")).expression);
}

TEST(ExamAnswer, SaysWhereAndWhyANumberIsNotUnderstood) {
  expect_all(item_of(AnswerKind::number), {{"1,5", "ambiguous"},
                                           {"0,125", "ambiguous"},
                                           {"61,7061", "ambiguous"},
                                           {"1234,567", "ambiguous"},
                                           {"1.234.567", "ambiguous"},
                                           {"n/a", "ambiguous"},
                                           {"-", "blank"},
                                           {"5 7", "unreadable at 2"},
                                           {"3, 4", "unreadable at 1"},
                                           {"8*(3", "unreadable at 4"},
                                           {"8*n", "unreadable at 1"},
                                           {"drops by 192", "unreadable at 0"},
                                           {"about ten", "unreadable at 0"},
                                           {"224 kg", "unreadable at 4"},
                                           {"1/0", "unreadable at 0"},
                                           {"9^9^9^9", "unreadable at 0"},
                                           {"2^99999999999", "unreadable at 0"},
                                           {"conv2d(1)", "unreadable at 0"},
                                           {"sum(i)", "unreadable at 0"}});
  const auto error = std::get<Unreadable>(read_answer(item_of(AnswerKind::number), "224 kg"));
  EXPECT_NE(error.message.find("found \"kg\""), std::string::npos) << error.message;
  EXPECT_NE(error.message.find("expected"), std::string::npos) << error.message;
}

TEST(ExamAnswer, ReadsEachSideOfAChain) {
  expect_all(item_of(AnswerKind::number), {{"32*256*32*32 = 8388608", "8388608"},
                                           {"8*3*3*3+8 = 216+8 = 224", "224"},
                                           {"22/7 = 3.14", "22/7"},
                                           {"22/7 ≈ 3", "22/7"},
                                           {"22/7 = 3", "3 or 22/7"},
                                           {"32*256*32*32 = 3^4*3^4", "6561 or 8388608"},
                                           {"5*5*3*16 = 1600", "1600 or 1200"}});
}

TEST(ExamAnswer, KnowsTheUnitOfTheItem) {
  expect_all(item_of(AnswerKind::number, "%"), {{"10 %", "10"}, {"10", "10"}});
  expect_all(item_of(AnswerKind::number, "bytes"),
             {{"2 KiB", "2048"}, {"2048 B", "2048"}, {"2048 bytes", "2048"}, {"2 KB", "unreadable at 2"}});
  expect_all(item_of(AnswerKind::number, "weeks"),
             {{"3 weeks", "3"}, {"3 week", "3"}, {"3 days", "unreadable at 2"}});
  expect_all(item_of(AnswerKind::number), {{"2 KiB", "unreadable at 2"}});
}

TEST(ExamAnswer, ReadsShapesInEverySpelling) {
  expect_all(item_of(AnswerKind::shape), {{"32x32x10", "32x32x10"},
                                          {"(10, 32, 32)", "10x32x32"},
                                          {"[10,32,32]", "10x32x32"},
                                          {"10 × 32 × 32", "10x32x32"},
                                          {"32 by 32 by 10", "32x32x10"},
                                          {"32X32X10", "32x32x10"},
                                          {"32*32*10", "32x32x10"},
                                          {"$10 \\times 32 \\times 32$", "10x32x32"},
                                          {"\\(10 \\times 32\\)", "10x32"},
                                          {"32 32 10", "32x32x10"},
                                          {"10", "10"},
                                          {"(10,)", "10"},
                                          {"((10, 32))", "10x32"},
                                          {"32x32x10 HWC", "32x32x10 HWC"},
                                          {"10x32x32 (CHW)", "10x32x32 CHW"},
                                          {"HxWxC = 32x32x10", "32x32x10"},
                                          {"32x32x10 = 10240", "32x32x10"},
                                          {"32^2 x 10", "32x32x10"},
                                          {"32² × 10", "32x32x10"},
                                          {"(128-3+1) x (128-3+1) x 64", "126x126x64"},
                                          {"3 x 2.", "3x2"},
                                          {"", "blank"}});
}

TEST(ExamAnswer, DoesNotGuessAtShapes) {
  expect_all(item_of(AnswerKind::shape), {{"1,024x7x7", "ambiguous"},
                                          {"(1,024, 7, 7)", "ambiguous"},
                                          {"32x32x10 = 32x32x12", "ambiguous"},
                                          {"32x-1x10", "unreadable at 3"},
                                          {"32x2.5", "unreadable at 3"},
                                          {"Nx32x32", "unreadable at 0"},
                                          {"32xx10", "unreadable at 2"},
                                          {"the same", "unreadable at 0"},
                                          {"1x1x1x1x1x1x1x1x1", "unreadable at 16"}});
}

TEST(ExamAnswer, ReadsSetsOfNames) {
  expect_all(item_of(AnswerKind::names), {{"k1, k2, b", "{b k1 k2}"},
                                          {"b, k_2 and k_1", "{b k1 k2}"},
                                          {"{k_{1}, k_2}", "{k1 k2}"},
                                          {"$k_1$, $w_2$, $a$.", "{a k1 w2}"},
                                          {"k₁ k₂", "{k1 k2}"},
                                          {"\\theta, b", "{b theta}"},
                                          {"k1, k1", "{k1}"},
                                          {"none", "{}"},
                                          {"", "blank"},
                                          {"k1..k3", "unreadable at 0"},
                                          {"k1 + k2", "unreadable at 3"}});
}

TEST(ExamAnswer, ReadsOneOfTheChoices) {
  Item item = item_of(AnswerKind::word);
  item.key = fixtures::WordKey{{{"CONV3-8", {}}, {"CONV3-16", {}}, {"FC-256", {}}, {"neither", {}}}, {}};
  expect_all(item, {{"FC-256", "FC-256"},
                    {"fc 256", "FC-256"},
                    {"all from FC-256", "FC-256"},
                    {"the FC-256 layer", "FC-256"},
                    {"niether", "neither"},
                    {"CONV-16", "unreadable at 0"},
                    {"CNV3-8", "CONV3-8"},
                    {"FC-255", "unreadable at 0"},
                    {"FC-256 and CONV3-8", "ambiguous"},
                    {"not FC-256", "unreadable at 0"},
                    {"", "blank"}});
}

std::vector<Item> options_of(const std::vector<std::string>& names) {
  std::vector<Item> options;
  for (const std::string& name : names) {
    options.push_back(item_of(AnswerKind::option));
    options.back().id = "mc.1." + name;
  }
  return options;
}

std::string marks(const std::vector<std::string>& names, const std::string& text) {
  const auto options = options_of(names);
  std::vector<const Item*> pointers;
  for (const Item& option : options) pointers.push_back(&option);
  const auto read = read_options(pointers, text);
  if (std::holds_alternative<Blank>(read)) return "blank";
  if (std::holds_alternative<Ambiguous>(read)) return "ambiguous";
  if (const auto* error = std::get_if<Unreadable>(&read))
    return "unreadable at " + std::to_string(error->offset);
  std::string result;
  for (const auto& [id, marked] : std::get<OptionsAnswer>(read).marked)
    if (marked) result += (result.empty() ? "" : " ") + id.substr(5);
  return result.empty() ? "none" : result;
}

TEST(ExamAnswer, ReadsMarkedOptions) {
  const std::vector<std::string> letters{"A", "B", "C", "D"}, romans{"i", "ii", "iii", "iv"};
  for (const char* const text :
       {"A, D", "a d", "AD", "(A)(D)", "d,a", "A and D", "A;D", "{A, D}", "A. D.", "A+D"})
    EXPECT_EQ(marks(letters, text), "A D") << text;
  EXPECT_EQ(marks(letters, "none"), "none");
  EXPECT_EQ(marks(letters, "None of the above."), "none");
  EXPECT_EQ(marks(letters, "all"), "A B C D");
  EXPECT_EQ(marks(letters, ""), "blank");
  EXPECT_EQ(marks(letters, "-"), "blank");
  EXPECT_EQ(marks(letters, "A or D"), "ambiguous");
  EXPECT_EQ(marks(letters, "A-D"), "ambiguous");
  EXPECT_EQ(marks(letters, "A, E"), "unreadable at 3");
  EXPECT_EQ(marks(letters, "  A?"), "unreadable at 2");
  EXPECT_EQ(marks(letters, "AA"), "unreadable at 0");
  EXPECT_EQ(marks(letters, "not A"), "unreadable at 0");
  EXPECT_EQ(marks(romans, "i, iii"), "i iii");
  EXPECT_EQ(marks(romans, "iii"), "iii");
  EXPECT_EQ(marks(romans, "(ii) (iv)"), "ii iv");
  EXPECT_EQ(marks(romans, "iiii"), "unreadable at 0");
}

TEST(ExamAnswer, TellsNoOptionFromTheOptionThatSaysNone) {
  std::vector<Item> options = options_of({"A", "B", "C"});
  options[2].text = "None of the above";
  const std::vector<const Item*> pointers{&options[0], &options[1], &options[2]};
  EXPECT_TRUE(std::holds_alternative<Ambiguous>(read_options(pointers, "none of the above")));
  EXPECT_TRUE(std::holds_alternative<Ambiguous>(read_options(pointers, "None")));
  EXPECT_TRUE(std::get<OptionsAnswer>(read_options(pointers, "C")).marked.at("mc.1.C"));
  options[2].text = "All of these";
  EXPECT_TRUE(std::holds_alternative<Ambiguous>(read_options(pointers, "all")));
}

/// Of the processor: other programs do not count.
double milliseconds() {
  return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// Letters that make half-way sensible answers more likely than random bytes do.
std::string random_text(std::mt19937& random) {
  static const std::vector<std::string> parts{
      "1", "23",   "x",    "×",   "*",  "(",    ")",     "^",    ",",       ".",  "=",     "e",      "-", " ",
      "T", "F",    "A",    "k_1", "{",  "}",    "[",     "$",    "frac",    "\\", "10",    "%",      "/", "≈",
      "²", "\xff", "\x1b", "n",   "00", "9999", "sqrt(", "log ", "\\times", "1e", "e9999", "\u202e", "_"};
  std::string text;
  const std::size_t length = random() % 40;
  const bool bytes = random() % 4 == 0;
  for (std::size_t i = 0; i < length; ++i)
    text += bytes ? std::string(1, static_cast<char>(random())) : parts[random() % parts.size()];
  return text;
}

TEST(ExamAnswer, SurvivesAnythingQuickly) {
  std::mt19937 random(5);
  std::vector<Item> items;
  for (const AnswerKind kind : {AnswerKind::true_false, AnswerKind::option, AnswerKind::number,
                                AnswerKind::shape, AnswerKind::names, AnswerKind::word, AnswerKind::formula})
    items.push_back(item_of(kind));
  items[5].key = fixtures::WordKey{{{"FC-256", {}}, {"CONV3-8", {}}}, {}};
  const auto options = options_of({"A", "B", "C"});
  const std::vector<const Item*> pointers{&options[0], &options[1], &options[2]};
  constexpr int rounds = 4000;
  const double start = milliseconds();
  for (int i = 0; i < rounds; ++i) {
    const std::string text = random_text(random);
    for (const Item& item : items) {
      const Answer answer = read_answer(item, text);
      const auto* error = std::get_if<Unreadable>(&answer);
      if (!error) continue;
      EXPECT_LE(error->offset, text.size());
      EXPECT_NE(error->message.find_first_not_of(' '), std::string::npos);
      for (const char c : error->message) EXPECT_GE(static_cast<unsigned char>(c), ' ') << error->message;
    }
    (void)read_options(pointers, text);
  }
  EXPECT_LT((milliseconds() - start) / (rounds * 8.0), 1.0);
}

TEST(ExamAnswer, WorkOnHostileNumbersIsBounded) {
  const Item item = item_of(AnswerKind::number);
  std::string tower = "2", sum = "1/3", brackets(200, '(');
  for (int i = 0; i < 60; ++i) tower += "^9", sum += "+1/" + std::to_string(7919 + 2 * i);
  for (const std::string& text :
       {tower, sum, brackets, std::string("7^300/3^299*") + "7^300", std::string(5000, '9')}) {
    const double start = milliseconds();
    (void)read_answer(item, text);
    EXPECT_LT(milliseconds() - start, 50.0) << text.substr(0, 40);
  }
}

}  // namespace
}  // namespace assay::graders::exams
