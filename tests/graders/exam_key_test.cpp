/// Keys derived from every kind of binding, and beside the published ones.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "graders/exams/follow_through.hpp"
#include "graders/exams/key.hpp"
#include "tests/graders/exam_pack.hpp"

namespace assay::graders::exams {
namespace {

using oracles::Truth;

class ExamKey : public testing::ExamPackTest {
 protected:
  static bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
  }
};

std::string network_key(const std::string& network, const std::string& layer, const std::string& value,
                        const std::string& answer, const std::string& more = {}) {
  return fmt::format("answer = \"{}\"\nkey = {{ network = \"{}\", {}value = \"{}\"{} }}", answer, network,
                     layer.empty() ? "" : fmt::format("layer = \"{}\", ", layer), value, more);
}

TEST_F(ExamKey, LooksUpWhatALayerHas) {
  EXPECT_EQ(key_text(network_key("main", "CONV3-8", "shape", "shape")), "8x32x32");
  EXPECT_EQ(key_text(network_key("main", "CONV3-8", "shape", "shape", ", layout = \"HWC\"")), "32x32x8");
  EXPECT_EQ(key_text(network_key("gray", "1", "shape", "shape")), "32x32x10")
      << "as the network states its input";
  EXPECT_EQ(key_text(network_key("main", "FC-256", "shape", "shape")), "256");
}

TEST_F(ExamKey, AsksForANumberWhereALabelStandsTwice) {
  auto exam = load(item("a", network_key("gray", "1", "shape", "shape")));
  const auto with_layer = [&](const std::string& layer) {
    std::get<fixtures::NetworkKey>(exam.items[0].key).value.layer = layer;
    return keys_of(exam).keys[0].problem;
  };
  EXPECT_EQ(with_layer("CONV5-10"), "network \"gray\" has 2 layers \"CONV5-10\"; name one by its number");
  EXPECT_EQ(with_layer("6"), "network \"gray\" has no layer \"6\"; it has 5 layers");
  EXPECT_EQ(with_layer("3"), "");
}

/// Counted here in another way than the table does: by summing over what each filter holds.
TEST_F(ExamKey, CountsWhatALayerCosts) {
  const long conv = 8 * (3 * 3 * 3) + 8, dense = 256 * (32 * 8 * 8) + 256;
  EXPECT_EQ(key_text(network_key("main", "CONV3-8", "parameters", "number")),
            fmt::format("(3x3x3+1)x8 = {}", conv));
  EXPECT_EQ(key_text(network_key("main", "FC-256", "parameters", "number")),
            fmt::format("(32x8x8+1)x256 = {}", dense));
  EXPECT_EQ(key_text(network_key("main", "3", "parameters", "number")), "0");
  EXPECT_EQ(key_text(network_key("main", "CONV3-8", "multiply-adds", "number")),
            fmt::format("{}", 32 * 32 * 8 * 27));
  EXPECT_EQ(key_text(network_key("main", "CONV3-8", "memory", "number")), fmt::format("{}", 32 * 32 * 8 * 4));
  const long total = conv + (16 * 72 + 16) + (32 * 144 + 32) + (32 * 288 + 32) + dense + (10 * 256 + 10);
  EXPECT_EQ(key_text(network_key("main", "", "parameters", "number")), std::to_string(total));
  EXPECT_EQ(key_text(network_key("main", "", "shape", "shape")), "10");
  // 3, +2, pooling +1, then windows of 3 over steps of 2: +4 each.
  EXPECT_EQ(key_text(network_key("main", "5", "receptive-field", "number")),
            std::to_string(3 + 2 + 1 + 4 + 4));
}

TEST_F(ExamKey, EvaluatesCountsExactly) {
  EXPECT_EQ(key_text("key = { count = \"256*(32*32*32 - 32*8*8)\" }"), "7864320");
  EXPECT_EQ(key_text("key = { count = \"2^100\" }"), "1267650600228229401496703205376");
  EXPECT_EQ(key_text("key = { count = \"1/3\" }"), "1/3");
  EXPECT_EQ(key_text("key = { count = \"29/10\" }"), "2.9");
  EXPECT_EQ(key_text("key = { count = \"sum(i = 1..n, i)\", where = { n = \"m + 1\", m = \"3\" } }"), "10");
  EXPECT_EQ(
      key_text(
          "key = { count = \"after - before\", where = { after = { network = \"main\", layer = \"CONV3-16\", "
          "value = \"parameters\" }, before = { network = \"main\", layer = \"CONV3-8\", value = "
          "\"parameters\" } } }"),
      std::to_string(16 * 73 - 8 * 28));
}

TEST_F(ExamKey, EnclosesWhatIsNoFraction) {
  const auto keys = keys_of(load(item("a", "key = { count = \"log(2) / r\", where = { r = \"sqrt(2)\" } }")));
  const auto key = std::get<NumberKey>(keys.keys[0].value);
  EXPECT_GT(key.radius, 0);
  // 0.490129071734...
  EXPECT_LT(abs(key.value - mpq_class("490129071734/1000000000000")), mpq_class("1/1000000000000"));
  EXPECT_EQ(keys.keys[0].text.substr(0, 8), "0.490129");
}

TEST_F(ExamKey, SaysWhyThereIsNoCount) {
  EXPECT_TRUE(contains(key_text("key = { count = \"n + 1\" }"), "\"n\" has no value; add it to \"where\""));
  EXPECT_TRUE(contains(key_text("key = { count = \"1/(n - 1)\", where = { n = \"1\" } }"), "problem: "));
  EXPECT_TRUE(contains(key_text("key = { count = \"a\", where = { a = \"b\", b = \"a\" } }"), "circle"));
  EXPECT_TRUE(contains(key_text("key = { count = \"2 +\" }"), "expected"));
  EXPECT_TRUE(contains(key_text("key = { count = \"log(0 - 1)\" }"), "problem: "));
  const auto keys = keys_of(load(item("a", "key = { count = \"2 + + *\" }")));
  EXPECT_EQ(keys.keys[0].place.line, 19u) << keys.keys[0].problem;
  EXPECT_EQ(keys.keys[0].place.column, 24u);
}

TEST_F(ExamKey, DecidesStatements) {
  const auto with = [](const std::string& statement) {
    return "answer = \"true-false\"\nkey = { holds = \"" + statement +
           "\", where = { a = \"5\", b = \"2 + 3\", r = \"sqrt(2)\" } }";
  };
  EXPECT_EQ(key_text(with("a = b")), "true");
  EXPECT_EQ(key_text(with("a < b")), "false");
  EXPECT_EQ(key_text(with("r < 1.42")), "true");
  EXPECT_EQ(key_text(with("r*r = 2")), "undecided") << "no enclosure can tell";
  EXPECT_TRUE(contains(key_text(with("a + b")), "statement"));
}

TEST_F(ExamKey, ChoosesTheOneThatHolds) {
  const auto with = [](const std::string& first, const std::string& second) {
    return "key = { choices = { \"FC-256\" = \"" + first + "\", \"FC-10\" = \"" + second +
           "\" }, where = { a = { network = \"main\", layer = \"FC-256\", value = \"parameters\" }, b = "
           "\"1000\" } }";
  };
  EXPECT_EQ(key_text(with("a > b", "a < b")), "FC-256");
  EXPECT_EQ(key_text(with("a < b", "a > b")), "FC-10");
  EXPECT_EQ(key_text(with("a > b", "b > 0")), "problem: both \"FC-256\" and \"FC-10\" hold; one choice must");
  EXPECT_EQ(key_text(with("a < b", "a = b")), "problem: none of the choices holds");
}

constexpr const char* setting = R"(
[[setting]]
id = "line"

[setting.dimensions]
n = [2, 4]

[setting.inputs]
w = { shape = ["n"], values = [-4, 4], grid = "1/4" }
x = { shape = ["n"], values = [-4, 4], grid = "1/4" }
b = { shape = [], values = [-4, 4], grid = "1/4" }
y = { shape = [], values = [-4, 4], grid = "1/4" }

[setting.define]
yhat = "dot(w, x) + b"
loss = "(yhat - y)^2/n"
)";

TEST_F(ExamKey, FindsTheNamesBehindAFormula) {
  const auto names = [&](const std::string& formula, const std::string& except) {
    const auto keys = keys_of(load(
        item("a", "key = { names = \"" + formula + "\", setting = \"line\", except = [" + except + "] }") +
        setting));
    return keys.keys[0].problem.empty() ? keys.keys[0].text : keys.keys[0].problem;
  };
  EXPECT_EQ(names("loss", "\"x\", \"y\""), "b, w");
  EXPECT_EQ(names("loss", ""), "b, w, x, y") << "sizes are no names that a loss depends on";
  EXPECT_EQ(names("b + 1", ""), "b");
}

TEST_F(ExamKey, KeepsFormulasAsText) {
  const auto keys = keys_of(load(
      item("a", "answer = \"formula\"\nkey = { formula = \"diff(loss, b)\", setting = \"line\" }") +
      item("b", "answer = \"formula\"\nkey = { formula = \"loss > 0\", setting = \"line\" }") + setting));
  EXPECT_EQ(keys.keys[0].text, "diff(loss, b)");
  EXPECT_TRUE(contains(keys.keys[1].problem, "the key is a statement")) << keys.keys[1].problem;
}

// ---- Claims.

std::string claim_key(const std::string& id, const std::string& under = {}) {
  return "answer = \"true-false\"\nkey = { claim = \"" + id + "\", under = [" + under + "] }";
}

TEST_F(ExamKey, TakesAClaimsVerdict) {
  EXPECT_EQ(key_text(claim_key("cs231n-2019.tf.6")), "true");
  EXPECT_EQ(key_text(claim_key("eecs498-2019.tf.1.4")), "false");
  EXPECT_EQ(key_text(claim_key("cs231n-2019.tf.66")),
            "problem: there is no claim \"cs231n-2019.tf.66\"; did you mean \"cs231n-2019.tf.6\"?");
}

TEST_F(ExamKey, GrantsWhatThePaperTakesForGranted) {
  EXPECT_EQ(key_text(claim_key("eecs498-2019.tf.1.2")), "false") << "with a bias it fails";
  EXPECT_EQ(key_text(claim_key("eecs498-2019.tf.1.2", "\"no_bias\", \"strict_margin\"")), "true");
  EXPECT_EQ(key_text(claim_key("eecs498-2019.tf.1.2", "\"no_bias\"")), "false") << "needed together";
  EXPECT_EQ(key_text(claim_key("cs231n-2019.tf.4.depth", "\"active_units\"")), "true") << "each suffices";
  EXPECT_EQ(
      key_text(claim_key("eecs498-2019.tf.1.2", "\"no_biass\"")),
      "problem: claim \"eecs498-2019.tf.1.2\" has no assumption \"no_biass\"; did you mean \"no_bias\"?");
}

TEST_F(ExamKey, KnowsProgramsAndDesigns) {
  EXPECT_EQ(key_text("answer = \"text\"\nkey = { program = \"softmax\" }"), "operation softmax");
  EXPECT_EQ(key_text("answer = \"text\"\nkey = { program = \"softmaxx\" }"),
            "problem: there is no operation \"softmaxx\"; did you mean \"softmax\"?");
  EXPECT_EQ(key_text("answer = \"network\"\nkey = { design = \"median\", inputs = 5 }"),
            "median of 5 numbers, in every order");
  EXPECT_TRUE(
      contains(key_text("answer = \"network\"\nkey = { design = \"fewer-parameters\", network = \"gray\" }"),
               "fewer than 9180 parameters"));
}

// ---- Beside the published key.

class Published : public ExamKey {
 protected:
  DerivedKey key(const std::string& lines) const {
    return keys_of(load(item("a", lines) + setting)).keys.at(0);
  }
};

TEST_F(Published, AgreesInAnySpelling) {
  EXPECT_EQ(key("published = \"32*256*(32^2 - 64)\"\nkey = { count = \"7864320\" }").agreement,
            KeyAgreement::agrees);
  EXPECT_EQ(key("published = \"0.33\"\nkey = { count = \"1/3\" }").agreement, KeyAgreement::agrees);
  EXPECT_EQ(key("published = \"0.34\"\nkey = { count = \"1/3\" }").agreement, KeyAgreement::disagrees);
  EXPECT_EQ(key("published = \"(8, 32, 32)\"\n" + network_key("main", "1", "shape", "shape")).agreement,
            KeyAgreement::agrees);
  EXPECT_EQ(
      key("published = \"w, b\"\nkey = { names = \"yhat\", setting = \"line\", except = [\"x\"] }").agreement,
      KeyAgreement::agrees);
  EXPECT_EQ(key("key = { count = \"1\" }").agreement, KeyAgreement::no_published);
  EXPECT_EQ(key("published = \"x\"\nkey = { rubric = [{ id = \"r\", text = \"t\", points = \"1\" }], why = "
                "\"an essay\" }")
                .agreement,
            KeyAgreement::not_derived);
}

TEST_F(Published, SaysWhyNot) {
  const std::string wrong = "published = \"true\"\n" + claim_key("eecs498-2019.tf.1.4");
  const DerivedKey differs = key(wrong);
  EXPECT_EQ(differs.agreement, KeyAgreement::disagrees);
  EXPECT_FALSE(differs.why_not.empty());
  EXPECT_EQ(key("acknowledged = \"a misprint\"\n" + wrong).agreement, KeyAgreement::acknowledged);
  EXPECT_EQ(key("published = \"32x32x8\"\n" + network_key("main", "1", "shape", "shape")).agreement,
            KeyAgreement::disagrees);
  const DerivedKey unreadable = key("published = \"about ten\"\nkey = { count = \"10\" }");
  EXPECT_TRUE(contains(unreadable.problem, "published key cannot be")) << unreadable.problem;
}

TEST_F(Published, ComparesFormulasAtPoints) {
  const auto formula = [&](const std::string& published) {
    return key("answer = \"formula\"\npublished = \"" + published +
               "\"\nkey = { formula = \"diff(loss, b)\", setting = \"line\" }");
  };
  EXPECT_EQ(formula("2 (yhat - y) / n").agreement, KeyAgreement::agrees);
  const DerivedKey wrong = formula("(yhat - y) / n");
  EXPECT_EQ(wrong.agreement, KeyAgreement::disagrees);
  EXPECT_TRUE(contains(wrong.why_not, "at ")) << wrong.why_not;
}

TEST_F(Published, ReadsAQuestionsOptions) {
  const std::string question =
      "[[question]]\nid = \"q\"\nsection = \"s\"\ntext = \"?\"\npoints = \"2\"\npublished = \"B\"\n";
  const auto option = [](const std::string& name, const std::string& statement) {
    return "[[item]]\nid = \"q." + name +
           "\"\nquestion = \"q\"\nkind = \"claim\"\nanswer = \"option\"\ntext = \"?\"\nkey = { holds = \"" +
           statement + "\" }\n";
  };
  const auto keys =
      keys_of(load(question + option("A", "1 < 2") + option("B", "1 < 2") + option("C", "2 < 1")));
  EXPECT_EQ(keys.find("q.A")->agreement, KeyAgreement::disagrees);
  EXPECT_EQ(keys.find("q.B")->agreement, KeyAgreement::agrees);
  EXPECT_EQ(keys.find("q.C")->agreement, KeyAgreement::agrees);
}

// ---- Follow-through.

TEST_F(ExamKey, FollowsAStudentsNumber) {
  const auto exam = load(item("a", "key = { count = \"6*7\" }") +
                         item("b", "key = { count = \"2*a\", where = { a = { item = \"a\" } } }") +
                         item("c", "key = { count = \"b + 1\", where = { b = { item = \"b\" } } }") +
                         item("d", "key = { count = \"5\" }"));
  EXPECT_EQ(keys_of(exam).find("c")->text, "85");
  const std::map<std::string, KeyValue, std::less<>> earlier{{"a", NumberKey{40}}};
  EXPECT_EQ(follow_through(exam, exam.items[1], earlier)->text, "80");
  EXPECT_EQ(follow_through(exam, exam.items[2], earlier)->text, "81") << "through an item between";
  EXPECT_FALSE(follow_through(exam, exam.items[3], earlier));
  EXPECT_FALSE(follow_through(exam, exam.items[1], {}));
  EXPECT_EQ(follow_through(exam, exam.items[2], {{"a", NumberKey{40}}, {"b", NumberKey{7}}})->text, "8")
      << "the nearest answer counts";
}

TEST_F(ExamKey, FollowsAStudentsShape) {
  const auto exam =
      load(item("first", network_key("gray", "1", "shape", "shape")) +
           item("pool", network_key("gray", "2", "shape", "shape", ", follows = \"first\"")) +
           item("dense", network_key("gray", "5", "parameters", "number", ", follows = \"first\"")));
  EXPECT_EQ(keys_of(exam).find("pool")->text, "16x16x10");
  const auto shape = [](std::vector<mpz_class> extents) {
    return std::map<std::string, KeyValue, std::less<>>{{"first", ShapeKey{std::move(extents), {}}}};
  };
  EXPECT_EQ(follow_through(exam, exam.items[1], shape({28, 28, 10}))->text, "14x14x10");
  EXPECT_EQ(follow_through(exam, exam.items[2], shape({4, 4, 3}))->text, "(4x4x3+1)x10 = 490");
  EXPECT_FALSE(follow_through(exam, exam.items[1], shape({1, 1, 10}))) << "no window fits";
  EXPECT_FALSE(follow_through(exam, exam.items[0], shape({28, 28, 10})));
}

/// The class's memory gives each student what would be derived for that student alone.
TEST_F(ExamKey, RemembersWhatFollowsOnlyForTheSameAnswers) {
  const auto exam = load(item("a", "key = { count = \"6*7\" }") + item("z", "key = { count = \"1\" }") +
                         item("b", "key = { count = \"2*a\", where = { a = { item = \"a\" } } }") +
                         item("c", "key = { count = \"b + 1\", where = { b = { item = \"b\" } } }") +
                         item("first", network_key("gray", "1", "shape", "shape")) +
                         item("pool", network_key("gray", "2", "shape", "shape", ", follows = \"first\"")));
  const FollowThrough remembered(exam);
  const std::vector<EarlierValues> students{{},
                                            {{"z", NumberKey{9}}},
                                            {{"a", NumberKey{40}}},
                                            {{"a", NumberKey{40}}, {"z", NumberKey{9}}},
                                            {{"a", NumberKey{mpq_class(1, 3)}}},
                                            {{"a", NumberKey{40}}, {"b", NumberKey{7}}},
                                            {{"a", NumberKey{41}}, {"b", NumberKey{7}}},
                                            {{"b", NumberKey{40}}},
                                            {{"first", ShapeKey{{28, 28, 10}}}},
                                            {{"first", ShapeKey{{2, 8, 2810}}}},
                                            {{"first", ShapeKey{{1, 1, 10}}}},
                                            {{"a", NumberKey{2}}, {"first", ShapeKey{{28, 28, 10}}}}};
  for (int round = 0; round < 2; ++round)
    for (const EarlierValues& earlier : students)
      for (const fixtures::Item& item : exam.items) {
        const auto alone = follow_through(exam, item, earlier);
        const FollowThrough::Key together = remembered(item, earlier);
        ASSERT_EQ(together != nullptr, alone.has_value()) << item.id;
        EXPECT_EQ(together ? together->text : "", alone ? alone->text : "") << item.id;
      }
  EXPECT_EQ(remembered(exam.items[3], students[2]), remembered(exam.items[3], students[3]))
      << "an answer that has no part in the key: derived once";
  EXPECT_EQ(remembered(exam.items[3], students[5]), remembered(exam.items[3], students[6]))
      << "only the nearest answer has a part";
}

}  // namespace
}  // namespace assay::graders::exams
