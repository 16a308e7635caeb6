/// What is shown of a marked class: schema, exports, pages; and that nothing a student writes acts there.
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "fixtures/load.hpp"
#include "graders/escape.hpp"
#include "graders/exams/item_analysis.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/report.hpp"
#include "graders/report/sheets_document.hpp"
#include "graders/report/sheets_export.hpp"
#include "graders/report/sheets_pages.hpp"
#include "tests/graders/exam_mark_sample.hpp"

namespace assay::graders::report::test {
namespace {

using exams::test::all_right;
using exams::test::Folder;
using exams::test::Paper;

const Paper& paper() {
  static const Paper one;
  return one;
}

SheetsContext context() {
  return {paper().exam, paper().keys, paper().marker.units(), "0.1.0", 1, false};
}

Json head() {
  static const Json one = sheets_head(context());
  return one;
}

fixtures::Sheet sheet_of(const Paper::Cells& answers, const std::string& id, const std::string& name) {
  fixtures::Sheet sheet = paper().sheet(answers, id);
  sheet.name = name;
  return sheet;
}

/// A sheet whose essay a person has marked.
Json marked_json(const Paper::Cells& answers = all_right, const std::string& id = "s1",
                 const std::string& name = "Ada Lovelace") {
  fixtures::Sheet sheet = sheet_of(answers, id, name);
  sheet.marks["sa.3"].points = "3/2";
  return sheet_json(paper().marker(sheet));
}

Json waiting_json() {
  return sheet_json(paper().marker(sheet_of(all_right, "s2", "Bob")));
}

/// The document of a whole class.
Json document(const std::vector<fixtures::Sheet>& sheets,
              const std::vector<fixtures::SheetProblem>& problems = {}) {
  exams::ItemAnalysis analysis(paper().exam, paper().marker.units());
  Json whole = head();
  whole["submissions"] = Json::array();
  for (const auto& sheet : sheets) {
    const auto marked = paper().marker(sheet);
    analysis.add(marked);
    whole["submissions"].push_back(sheet_json(marked));
  }
  whole.update(sheets_tail(context(), analysis, problems));
  return whole;
}

std::string read_source(const std::string& path) {
  std::ifstream stream(std::string(ASSAY_SOURCE_DIR) + "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

bool holds(const Json& whole) {
  using Adapter = valijson::adapters::NlohmannJsonAdapter;
  static const Json text = Json::parse(read_source("docs/results.schema.json"));
  static const auto schema = [] {
    auto parsed = std::make_unique<valijson::Schema>();
    valijson::SchemaParser().populateSchema(Adapter(text), *parsed);
    return parsed;
  }();
  return valijson::Validator().validate(*schema, Adapter(whole), nullptr);
}

// --- schema ----------------------------------------------------------------------------------------------

Json sample_document() {
  fixtures::Sheet marked = sheet_of(all_right, "s1", "Ada");
  marked.marks["sa.3"].points = "3/2";
  return document({marked, sheet_of({{"tf.1", "F"}, {"mc.1", "A, B"}, {"sa.1.parameters", "80"}}, "s2", "")},
                  {{"class.csv", {4, 2}, "an id is missing"}});
}

TEST(ExamSchema, AcceptsAMarkedClass) {
  EXPECT_TRUE(holds(sample_document()));
  EXPECT_TRUE(holds(document({})));
}

TEST(ExamSchema, RejectsBrokenDocuments) {
  const std::vector<std::pair<const char*, std::function<void(Json&)>>> breaks{
      {"no kind", [](Json& d) { d.erase("kind"); }},
      {"an unknown field", [](Json& d) { d["hostname"] = "x"; }},
      {"an unknown field of a sheet", [](Json& d) { d["submissions"][0]["seconds"] = 1; }},
      {"an unknown outcome", [](Json& d) { d["submissions"][0]["items"][0]["outcome"] = "fine"; }},
      {"a waiting sheet with a score",
       [](Json& d) { d["submissions"][1]["score"] = d["submissions"][0]["score"]; }},
      {"a marked sheet without one", [](Json& d) { d["submissions"][0]["score"] = nullptr; }},
      {"points that are no fraction", [](Json& d) { d["submissions"][0]["sure"]["exact"] = "1,5"; }},
      {"a difficulty above 1", [](Json& d) { d["analysis"][0]["difficulty"] = 1.5; }},
      {"a problem without its place", [](Json& d) { d["problems"][0].erase("line"); }},
      {"an outcome that is counted and unknown", [](Json& d) { d["analysis"][0]["outcomes"]["fine"] = 1; }},
  };
  for (const auto& [what, apply] : breaks) {
    Json whole = sample_document();
    apply(whole);
    EXPECT_FALSE(holds(whole)) << what;
  }
}

// --- exports ---------------------------------------------------------------------------------------------

TEST(MarksCsv, HasOneCellForEachSectionAndQuestion) {
  EXPECT_EQ(marks_csv_header(head()),
            "\"id\",\"name\",\"status\",\"score\",\"sure\",\"max\",\"percent\",\"waiting\",\"section "
            "tf\",\"section "
            "mc\",\"section "
            "sa\",\"tf.1\",\"tf.2\",\"tf.3\",\"mc.1\",\"mc.2\",\"sa.1\",\"sa.2\",\"sa.3\",\"sa.4\"\r\n");
  EXPECT_EQ(marks_csv_row(marked_json()),
            "\"s1\",\"Ada Lovelace\",\"marked\",26.5,26.5,29,91.38,0,6,8,12.5,2,2,2,4,4,6,4,1.5,1\r\n");
  EXPECT_EQ(marks_csv_row(waiting_json()),
            "\"s2\",\"Bob\",\"waiting\",,25,29,,1,6,8,11,2,2,2,4,4,6,4,,1\r\n");
}

TEST(Canvas, IsWhatItsImporterReads) {
  EXPECT_EQ(
      canvas_header(head(), nullptr),
      "Student,ID,SIS User ID,SIS Login ID,Section,\"Networks, a sample\"\r\n    Points Possible,,,,,29\r\n");
  EXPECT_EQ(canvas_row(marked_json(), nullptr), "\"Ada Lovelace\",,\"s1\",\"\",,26.5\r\n");
  EXPECT_EQ(canvas_row(waiting_json(), nullptr), "\"Bob\",,\"s2\",\"\",,\r\n") << "no score is a lower score";
}

TEST(Canvas, TakesStudentsAndColumnFromItsOwnExport) {
  const Folder folder;
  const Roster roster(
      folder.write("gradebook.csv",
                   "Student,ID,SIS User ID,SIS Login ID,Section,\"Networks, a sample (4711)\"\r\n"
                   "    Points Possible,,,,,30\r\n"
                   "\"Lovelace, Ada\",17,s1,ada@example.org,Monday,\r\n"));
  ASSERT_EQ(roster.people().size(), 1u);
  EXPECT_TRUE(canvas_header(head(), &roster).find("\"Networks, a sample (4711)\"") != std::string::npos);
  EXPECT_EQ(canvas_row(marked_json(), roster.find("s1", "")),
            "\"Lovelace, Ada\",\"17\",\"s1\",\"ada@example.org\",\"Monday\",26.5\r\n");
  EXPECT_EQ(canvas_warning(head(), &roster), "");
}

TEST(Canvas, WarnsOfColumnsThatItDrops) {
  Json odd = head();
  odd["exam"]["title"] = "Final Score";
  EXPECT_NE(canvas_warning(odd, nullptr).find("another title"), std::string::npos);
  EXPECT_EQ(canvas_warning(head(), nullptr), "");
}

TEST(Moodle, CarriesGradeAndFeedbackTogether) {
  EXPECT_EQ(moodle_header(head()),
            "idnumber,username,email,firstname,lastname,\"Networks, a sample\",\"Networks, a sample "
            "feedback\"\r\n");
  EXPECT_EQ(moodle_row(marked_json(), nullptr),
            "\"s1\",\"\",\"\",\"Ada\",\"Lovelace\",26.5,\"sa.3: partly: 3/2 of 4 points\"\r\n");
  EXPECT_EQ(moodle_row(waiting_json(), nullptr), "\"s2\",\"\",\"\",\"\",\"Bob\",,\r\n");
}

TEST(Moodle, KeepsNegativeTotals) {
  Json sheet = marked_json({{"tf.1", "F"}, {"tf.2", "T"}, {"tf.3", "F"}});
  sheet["score"] = {{"exact", "-8"}, {"decimal", -8}};
  EXPECT_NE(moodle_row(sheet, nullptr).find(",-8,"), std::string::npos);
  EXPECT_NE(canvas_row(sheet, nullptr).find(",-8\r\n"), std::string::npos);
}

TEST(Roster, SaysWhatIsWrongWithIt) {
  const Folder folder;
  EXPECT_THROW(Roster(folder.write("a.csv", "colour,size\r\nred,2\r\n")), fixtures::LoadError);
  EXPECT_THROW(Roster(folder.write("b.csv", "id,name\r\ns1,Ada\r\ns1,Bob\r\n")), fixtures::LoadError);
  EXPECT_THROW(Roster(folder.write("c.csv", "")), fixtures::LoadError);
}

TEST(Gradescope, HasATestForEachQuestion) {
  const Json out = gradescope_sheet(head(), waiting_json());
  EXPECT_EQ(out["score"], 25.0);
  EXPECT_EQ(out["tests"].size(), 9u);
  EXPECT_EQ(out["tests"][3]["score"], 4.0);
  EXPECT_EQ(out["tests"][3]["max_score"], 4.0);
  EXPECT_EQ(out["tests"][3]["status"], "passed");
  EXPECT_EQ(out["tests"][3]["number"], "4");
  EXPECT_FALSE(out["tests"][7].contains("score")) << "the essay waits";
  EXPECT_NE(out["output"].get<std::string>().find("waits for a person"), std::string::npos);
}

// --- pages -----------------------------------------------------------------------------------------------

TEST(SheetPage, ShowsAnswerKeyAndEvidence) {
  const std::string page =
      SheetPages(head()).page(marked_json({{"sa.1.parameters", "8*3*3 + 8"}, {"tf.2", "T"}}));
  for (const char* const text :
       {"Ada Lovelace (s1)", "224", "The three input channels are missing.",
        "+2 for each right answer, -1 for a wrong one, 0 for none", "a section below 0 counts as 0"})
    EXPECT_NE(page.find(text), std::string::npos) << text;
  EXPECT_EQ(page.find("{{"), std::string::npos);
}

TEST(SheetExplanation, SaysWhatWasWrittenAndWhatTheKeyIs) {
  const Json whole = sample_document();
  const std::string all = sheet_explanation(whole, "s2");
  EXPECT_NE(all.find("sa.1.parameters: wrong"), std::string::npos) << all;
  EXPECT_NE(all.find("  written     80\n  key         (3x3x3+1)x8 = 224\n"), std::string::npos) << all;
  EXPECT_EQ(sheet_explanation(whole, "s1").find("tf.1: "), std::string::npos) << "right answers are left out";
  EXPECT_NE(sheet_explanation(whole, "s1", "tf.1").find("tf.1: right"), std::string::npos);
  EXPECT_THROW(sheet_explanation(whole, "s3"), ReportError);
  EXPECT_THROW(sheet_explanation(whole, "s1", "tf.99"), ReportError);
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find('\n', at), all.size());
    EXPECT_LE(columns(all.substr(at, end - at)), 80u);
    at = end + 1;
  }
}

TEST(SheetsPage, HasDistributionAnalysisAndTheListForAPerson) {
  const Json whole = sample_document();
  const PageHalves page = sheets_page(head(), whole, {{"s2", "students/s2.html"}});
  for (const char* const text :
       {"How it is marked", "Item by item", "For a person", "most chosen wrong option: <b>B</b>",
        "missing-channels", "an id is missing", "href=\"students/s2.html\"", "says memory"})
    EXPECT_NE(page.before.find(text), std::string::npos) << text;
  EXPECT_EQ(page.before.find("assay-rows"), std::string::npos);
  EXPECT_NE(page.after.find("</html>"), std::string::npos);
}

TEST(SheetsTable, FitsEightyColumns) {
  Json wide = head();
  Json sheet = marked_json(all_right, std::string(200, 'x'));
  for (int i = 0; i < 30; ++i) {
    wide["sections"].push_back(wide["sections"][0]);
    sheet["sections"].push_back(sheet["sections"][0]);
  }
  for (const auto& [h, s] : {std::pair{head(), marked_json()}, std::pair{wide, sheet}}) {
    EXPECT_LE(columns(sheets_table_head(h)), 81u);
    EXPECT_LE(columns(sheets_table_row(s)), 81u);
    EXPECT_EQ(columns(sheets_table_head(h)), columns(sheets_table_row(s)));
  }
}

// --- hostile hands ---------------------------------------------------------------------------------------

const std::vector<std::string>& attacks() {
  using namespace std::string_literals;
  static const std::vector<std::string> all{"=cmd|' /C calc'!A0",
                                            "+1+1",
                                            "-2+3",
                                            "@SUM(1)",
                                            "\t=1",
                                            " =1",
                                            "\uff1d1",
                                            "<script>alert(1)</script>",
                                            "\"><img src=x onerror=alert(1)>",
                                            "' onmouseover='alert(1)",
                                            "{{style}}",
                                            "{{{id}}}",
                                            "{{> style}}",
                                            "assay-rows-of-the-class",
                                            "\x1b[2J\x1b]0;owned\x07",
                                            "\x9b"
                                            "31m",
                                            "a\0b"s,
                                            "\u202egnp.exe",
                                            "\u2066\u2069\u200b",
                                            "a\r\nb,c,d\r\n\"e",
                                            "\xff\xfe\xc0\x80",
                                            "../../etc/passwd",
                                            "::error::owned",
                                            std::string(1u << 20, 'A'),
                                            std::string(50'000, '('),
                                            std::string(5'000, '\n')};
  return all;
}

/// No control character, and nothing hidden.
void expect_visible(const std::string& bytes, const std::string& attack) {
  const std::string shown = displayable_line(attack, 40);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    ASSERT_TRUE(byte >= 0x20 || byte == '\n' || byte == '\t' || byte == '\r') << int{byte} << " of " << shown;
  }
  for (const char* const hidden : {"\u202e", "\u2066", "\u200b", "\xc2\x9b"})
    EXPECT_EQ(bytes.find(hidden), std::string::npos) << shown;
}

/// Nor a tag or attribute that the templates do not have.
void expect_quiet_page(const std::string& bytes, const std::string& attack) {
  expect_visible(bytes, attack);
  for (const char* const tag : {"<script", "<img", "onmouseover='"})
    EXPECT_EQ(bytes.find(tag), std::string::npos) << tag << " of " << displayable_line(attack, 40);
}

/// Cells of a CSV, taken apart as a spreadsheet does; a quoted cell may hold anything.
std::vector<std::string> cells_of(const std::string& row) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == '"' && quoted && i + 1 < row.size() && row[i + 1] == '"')
      cells.back() += row[i++];
    else if (row[i] == '"')
      quoted = !quoted;
    else if (row[i] == ',' && !quoted)
      cells.emplace_back();
    else if ((row[i] == '\r' || row[i] == '\n') && !quoted)
      continue;
    else
      cells.back() += row[i];
  }
  EXPECT_FALSE(quoted);
  return cells;
}

void expect_no_formula(const std::string& row, std::size_t cells) {
  const auto found = cells_of(row);
  EXPECT_EQ(found.size(), cells) << displayable_line(row, 80);
  for (const std::string& cell : found) {
    const bool number = cell.find_first_not_of("-0123456789.") == std::string::npos;
    EXPECT_TRUE(number || cell.empty() || std::string("=+-@\t").find(cell[0]) == std::string::npos)
        << displayable_line(cell, 60);
  }
}

TEST(HostileSheets, RunNothingAnywhere) {
  for (const std::string& attack : attacks()) {
    Paper::Cells answers;
    for (const auto& item : paper().exam.items) answers[item.id] = attack;
    fixtures::Sheet sheet = sheet_of(answers, attack, attack);
    sheet.email = attack;
    sheet.marks["sa.3"].points = attack;
    sheet.marks["sa.3"].comment = attack;
    sheet.marks["sa.2"].lines = {attack};
    const Json json = sheet_json(paper().marker(sheet));
    expect_visible(to_text(json), attack);
    expect_quiet_page(SheetPages(head()).page(json), attack);
    expect_quiet_page(sheet_row(json, "students/x.html"), attack);
    expect_visible(sheets_table_row(json), attack);
    expect_visible(to_text(gradescope_sheet(head(), json)), attack);
    for (const auto& [row, cells] :
         {std::pair{marks_csv_row(json), 20u}, std::pair{canvas_row(json, nullptr), 6u},
          std::pair{moodle_row(json, nullptr), 7u}}) {
      expect_visible(row, attack);
      expect_no_formula(row, cells);
    }
  }
}

TEST(HostileSheets, BreakNoReportOfTheClass) {
  std::vector<fixtures::Sheet> sheets;
  std::vector<fixtures::SheetProblem> problems;
  for (const std::string& attack : attacks()) {
    Paper::Cells answers;
    for (const auto& item : paper().exam.items) answers[item.id] = attack;
    sheets.push_back(sheet_of(answers, attack, attack));
    problems.push_back({attack.substr(0, 100), {1, 1}, attack});
  }
  const Json whole = document(sheets, problems);
  EXPECT_TRUE(holds(Json::parse(to_text(whole))));
  const PageHalves page = sheets_page(head(), whole, {});
  expect_quiet_page(page.before + page.after, "");
  EXPECT_NE(page.after.find("</html>"), std::string::npos);
  EXPECT_LT(page.before.size(), 2u << 20);
}

TEST(HostileSheets, WouldBeNoticed) {
  EXPECT_NONFATAL_FAILURE(expect_quiet_page("<p><script>", ""), "<script");
  EXPECT_NONFATAL_FAILURE(expect_visible("a\u202eb", ""), "bytes.find");
  EXPECT_FATAL_FAILURE(expect_visible("\x1b[2J", ""), "27 of");
  EXPECT_NONFATAL_FAILURE(expect_no_formula("\"=1\",2\r\n", 2), "=1");
  EXPECT_EQ(cells_of("\"a,\"\"b\",2\r\n"), (std::vector<std::string>{"a,\"b", "2"}));
}

}  // namespace
}  // namespace assay::graders::report::test
