/// One direction of flow, and every package at home: read from the sources themselves.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path source = ASSAY_SOURCE_DIR;
const std::vector<std::string> rooms{"fixtures", "oracles", "properties", "graders"};

struct Include {
  std::string file;  ///< relative to the repository
  std::string room;
  std::string what;
};

bool is_code(const fs::path& path) {
  const std::string ending = path.extension();
  return ending == ".hpp" || ending == ".cpp" || ending == ".cc";
}

/// Our own code: not the students', who include what they like.
std::vector<fs::path> sources_of(const std::string& room) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(source / room))
    if (entry.is_regular_file() && is_code(entry.path()) &&
        entry.path().string().find("/assignments/") == std::string::npos)
      files.push_back(entry.path());
  return files;
}

std::vector<Include> includes() {
  static const std::regex pattern(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
  std::vector<Include> found;
  for (const std::string& room : rooms)
    for (const fs::path& file : sources_of(room)) {
      std::ifstream stream(file);
      std::string line;
      std::smatch match;
      while (std::getline(stream, line))
        if (std::regex_search(line, match, pattern))
          found.push_back({fs::relative(file, source), room, match[1]});
    }
  return found;
}

std::ptrdiff_t rank(const std::string& room) {
  return std::ranges::find(rooms, room) - rooms.begin();
}

/// True where `include` points from a room to one that stands to its right.
bool flows_back(const Include& include) {
  const std::string target = include.what.substr(0, include.what.find('/'));
  return rank(target) < static_cast<std::ptrdiff_t>(rooms.size()) && rank(target) > rank(include.room);
}

struct Home {
  std::string prefix;  ///< of the included name
  std::string folder;  ///< the only one that may include it, or one of several
};

const std::vector<Home> homes{{"boost/", "oracles/"},
                              {"flint/", "oracles/"},
                              {"arb", "oracles/"},
                              {"acb", "oracles/"},
                              {"mpfr.h", "oracles/"},
                              {"rapidcheck", "properties/"},
                              {"toml++/", "fixtures/"},
                              {"toml.hpp", "fixtures/"},
                              {"csv.h", "fixtures/"},
                              {"openssl/", "graders/exams/"},
                              {"gtest/", "tests/"},
                              {"gtest/", "graders/driver/"},  // compiled with students' tests, not by us
                              {"CLI/", "graders/cli/"},
                              {"seccomp.h", "graders/sandbox/"},
                              {"archive", "graders/intake/"},
                              {"SQLiteCpp/", "graders/store/"},
                              {"sqlite3.h", "graders/store/"},
                              {"kainjow/", "graders/report/"}};

bool strays(const Include& include) {
  const auto is_of = [&](const Home& home) { return include.what.starts_with(home.prefix); };
  return std::ranges::any_of(homes, is_of) && std::ranges::none_of(homes, [&](const Home& home) {
           return is_of(home) && include.file.starts_with(home.folder);
         });
}

TEST(Architecture, IncludesNothingToTheRight) {
  const auto all = includes();
  EXPECT_GT(all.size(), 300u) << "the sources were not found";
  for (const Include& include : all)
    EXPECT_FALSE(flows_back(include)) << include.file << " includes " << include.what;
}

TEST(Architecture, KeepsEveryPackageAtHome) {
  for (const Include& include : includes())
    EXPECT_FALSE(strays(include)) << include.file << " includes " << include.what;
}

TEST(Architecture, WouldNoticeAnArrowBackAndAStrayPackage) {
  EXPECT_TRUE(flows_back({"oracles/x.hpp", "oracles", "graders/verdict.hpp"}));
  EXPECT_FALSE(flows_back({"graders/x.hpp", "graders", "oracles/tensor.hpp"}));
  EXPECT_TRUE(strays({"graders/x.hpp", "graders", "boost/rational.hpp"}));
  EXPECT_FALSE(strays({"oracles/numeric/x.hpp", "oracles", "boost/rational.hpp"}));
  EXPECT_TRUE(strays({"graders/x.hpp", "graders", "gtest/gtest.h"}));
  EXPECT_FALSE(strays({"graders/driver/assay/x.hpp", "graders", "gtest/gtest.h"}));
}

TEST(Architecture, HasNoStaticSelfRegistration) {
  for (const std::string& room : rooms)
    for (const fs::path& file : sources_of(room)) {
      std::ifstream stream(file);
      const std::string text{std::istreambuf_iterator<char>(stream), {}};
      EXPECT_EQ(text.find("__attribute__((constructor))"), std::string::npos) << file;
    }
}

TEST(Architecture, HasNoSourceOutsideItsRooms) {
  for (const auto& entry : fs::directory_iterator(source))
    EXPECT_FALSE(is_code(entry.path()) || entry.path().extension() == ".toml") << entry.path();
}

TEST(Architecture, KeepsFilesShortEnoughToReadAtOneSitting) {
  constexpr long most_lines = 400;
  for (const std::string& room : rooms)
    for (const fs::path& file : sources_of(room)) {
      std::ifstream stream(file);
      const auto lines = std::count(std::istreambuf_iterator<char>(stream), {}, '\n');
      EXPECT_LE(lines, most_lines) << fs::relative(file, source);
    }
}

}  // namespace
