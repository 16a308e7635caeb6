/// `warnings`: what the compiler says of the submitted files under named flags; points by kind of warning.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <regex>
#include <sstream>

#include "graders/criteria/single.hpp"
#include "graders/sandbox/compiler_files.hpp"

namespace assay::graders {
namespace {

/// What a submission loses for switching warnings off in its own text, or for saying they belong elsewhere.
constexpr const char* suppressed = "suppressed";

/// "file:line" of the warnings of each kind, in the order of the compiler.
using Found = std::map<std::string, std::vector<std::string>>;

void add(Found& found, const std::string& kind, const std::string& place) {
  auto& places = found[kind];
  if (std::ranges::find(places, place) == places.end()) places.push_back(place);
}

bool is_submitted(const std::vector<SourceFile>& files, const std::string& name) {
  return std::ranges::find(files, name, &SourceFile::name) != files.end();
}

void find_in_output(Found& found, const std::string& output, const std::vector<SourceFile>& files) {
  static const std::regex pattern(R"(^(?:/sub/|\./)*([^:]+):(\d+):\d+: warning: .*?(?:\[-W([^\]]+)\])?$)");
  std::istringstream lines(output);
  std::smatch match;
  for (std::string line; std::getline(lines, line);) {
    if (line.size() > 2000 || !std::regex_match(line, match, pattern) || !is_submitted(files, match[1]))
      continue;
    std::string kind = match[3].matched ? match[3].str() : "other";
    kind = kind.substr(0, kind.find('='));
    add(found, kind, fmt::format("{}:{}", match[1].str(), match[2].str()));
  }
}

/// The text as the preprocessor sees its directives: lines joined, comments gone, lines counted.
std::string without_comments(const std::string& text) {
  static const std::regex comment(R"(//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)");
  std::string joined;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '\n')
      ++i;
    else
      joined += text[i];
  }
  // A regular expression recurses on long comments; past this size the text is taken as it is.
  return joined.size() < (64u << 10) ? std::regex_replace(joined, comment, " ") : joined;
}

void find_suppressions(Found& found, const std::vector<SourceFile>& files) {
  static const std::regex directive(
      R"(^\s*(#|%:)\s*(pragma\s+(GCC|clang)\s+(diagnostic|system_header)|line\b|\d+))");
  for (const SourceFile& file : files) {
    std::istringstream lines(without_comments(file.bytes));
    std::smatch match;
    for (std::string line; std::getline(lines, line);)
      if (line.find("_Pragma") != std::string::npos || std::regex_search(line, match, directive))
        add(found, suppressed, file.name);
  }
}

std::string told(const Found& found) {
  constexpr std::size_t most_places = 3;
  std::vector<std::string> parts;
  for (const auto& [kind, places] : found) {
    std::vector<std::string> shown(
        places.begin(), places.begin() + static_cast<std::ptrdiff_t>(std::min(places.size(), most_places)));
    if (places.size() > shown.size()) shown.push_back("...");
    parts.push_back(fmt::format("{}{} ({})", kind == suppressed ? "" : "-W", kind, fmt::join(shown, ", ")));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

class WarningsJudge : public SingleJudge {
  CriterionResult grade_one(const Subject& subject, const CaseGroup&,
                            const PreparedCriterion& criterion) const override {
    const auto& settings = std::get<fixtures::Warnings>(criterion.spec->settings);
    CriterionResult result;
    Found found;
    find_suppressions(found, subject.files);
    if (const auto sources = subject.toolchain.sources_in_box(subject.files); !sources.empty()) {
      auto arguments = subject.toolchain.flags();
      arguments.insert(arguments.end(), settings.flags.begin(), settings.flags.end());
      arguments.insert(arguments.end(),
                       {"-fdiagnostics-plain-output", "-r", "-nostdlib", "-o", "/out/all.o"});
      arguments.insert(arguments.end(), sources.begin(), sources.end());
      const auto ran = subject.toolchain.run_on(compiler_path, free_name(subject, criterion), subject.files,
                                                arguments, subject.slot);
      if (ran.end.cause != EndCause::exited || ran.end.exit_code != 0) return unknown(ran.end);
      find_in_output(found, ran.end.standard_error, subject.files);
    }
    if (found.empty()) {
      result.verdict = Verdict::accepted;
      result.message = "the compiler has no warning";
      return result;
    }
    result.verdict = Verdict::wrong;
    result.message = told(found);
    result.advice = "Read the compiler's sentence at each place: build with the same flags yourself.";
    result.points = points_left(criterion, settings, found);
    return result;
  }

  /// A second attempt after a harness error needs folders of its own.
  static std::string free_name(const Subject& subject, const PreparedCriterion& criterion) {
    return subject.toolchain.free_name(subject.folder_name + "-" + criterion.spec->id);
  }

  /// It compiled without these flags: whatever stops it now is not known to be the student's doing.
  static CriterionResult unknown(const BoxEnd& end) {
    CriterionResult result;
    result.verdict = end.cause == EndCause::sandbox_failed ? Verdict::harness_error : Verdict::cannot_tell;
    result.message = "compiling for warnings did not come to its end: " +
                     (end.detail.empty() ? end.standard_error.substr(0, 200) : end.detail);
    return result;
  }

  static Points points_left(const PreparedCriterion& criterion, const fixtures::Warnings& settings,
                            const Found& found) {
    Points left = criterion.points;
    for (const auto& [kind, places] : found) {
      const auto worth = settings.worth.find(kind);
      if (worth != settings.worth.end())
        left -= parse_points(worth->second);
      else
        left -= settings.each ? parse_points(*settings.each) : criterion.points;
    }
    return left > 0 ? left : Points(0);
  }
};

}  // namespace

PreparedJudge prepare_warnings(const Prepared&, const CaseGroup&, const PreparedCriterion&) {
  return std::make_shared<const WarningsJudge>();
}

}  // namespace assay::graders
