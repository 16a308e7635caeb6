#include "graders/exams/cache.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "graders/program_build.hpp"
#include "properties/claims.hpp"
#include "properties/verify_all.hpp"

namespace assay::graders::exams {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using oracles::Truth;
using properties::Standing;

constexpr std::uintmax_t largest_file = 16u << 20;
constexpr int format = 1;

constexpr Standing standings[] = {Standing::proved,    Standing::witnessed,    Standing::supported,
                                  Standing::estimated, Standing::conditional,  Standing::refuted,
                                  Standing::undecided, Standing::not_checkable};
constexpr Truth truths[] = {Truth::no, Truth::yes, Truth::unknown};

/// Short, for the name of a file.
std::string short_id() {
  return program_build().substr(0, 16);
}

json to_json(const ClaimVerdict& verdict) {
  return {{"standing", properties::to_text(verdict.standing)},
          {"answer", oracles::to_text(verdict.answer)},
          {"summary", verdict.summary},
          {"evidence", verdict.evidence},
          {"instance", verdict.instance},
          {"conditions", verdict.conditions},
          {"jointly", verdict.jointly}};
}

/// Throws json::exception or std::out_of_range for what this program did not write.
ClaimVerdict from_json(const json& entry) {
  ClaimVerdict verdict;
  const auto word = [&](const char* key, const auto& values) {
    for (const auto value : values)
      if (entry.at(key).get<std::string>() == std::string_view(to_text(value))) return value;
    throw std::out_of_range(key);
  };
  verdict.standing = word("standing", standings);
  verdict.answer = word("answer", truths);
  entry.at("summary").get_to(verdict.summary);
  entry.at("evidence").get_to(verdict.evidence);
  entry.at("instance").get_to(verdict.instance);
  entry.at("conditions").get_to(verdict.conditions);
  entry.at("jointly").get_to(verdict.jointly);
  return verdict;
}

/// A file that is damaged, or not ours, holds nothing.
Verdicts read(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error) || fs::file_size(file, error) > largest_file) return {};
  std::ifstream stream(file, std::ios::binary);
  try {
    const json document = json::parse(std::string{std::istreambuf_iterator<char>(stream), {}});
    if (document.at("format") != format || document.at("program") != short_id()) return {};
    Verdicts verdicts;
    for (const auto& [id, entry] : document.at("verdicts").items()) verdicts[id] = from_json(entry);
    return verdicts;
  } catch (const std::exception&) {
    return {};
  }
}

/// Verdicts of programs that nobody has run for a month.
void remove_old(const fs::path& folder) {
  constexpr auto month = std::chrono::hours(24 * 30);
  std::error_code error;
  std::vector<fs::path> old;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().filename().string().starts_with("verdicts-") &&
        fs::file_time_type::clock::now() - entry.last_write_time(error) > month)
      old.push_back(entry.path());
  for (const fs::path& file : old) fs::remove(file, error);
}

/// Whoever reads sees the old file or the new one. A folder that cannot be written to keeps nothing.
void write(const fs::path& file, const Verdicts& verdicts) {
  json document{{"format", format}, {"program", short_id()}, {"verdicts", json::object()}};
  for (const auto& [id, verdict] : verdicts) document["verdicts"][id] = to_json(verdict);
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  std::string name = file.string() + ".XXXXXX";
  const int descriptor = mkstemp(name.data());
  if (descriptor < 0) return;
  close(descriptor);
  {
    std::ofstream stream(name, std::ios::binary);
    stream << document.dump(1, ' ', false, json::error_handler_t::replace) << '\n';
    if (!stream.flush()) error = std::make_error_code(std::errc::io_error);
  }
  if (!error) fs::rename(name, file, error);
  if (error) fs::remove(name, error);
  remove_old(file.parent_path());
}

std::string instance_text(const properties::Verdict& verdict) {
  if (!verdict.exhibit) return {};
  std::string text = verdict.exhibit->instance.pinned;
  for (const auto& [name, value] : verdict.exhibit->values)
    text += (text.empty() ? "" : ", ") + name + " = " + value;
  return text;
}

ClaimVerdict to_key_verdict(const properties::Verdict& verdict) {
  ClaimVerdict result{verdict.standing, verdict.answer,         verdict.summary,
                      verdict.evidence, instance_text(verdict), {},
                      verdict.jointly};
  for (const auto& condition : verdict.conditions) result.conditions.push_back(condition.id);
  return result;
}

}  // namespace

fs::path verdict_file(const fs::path& cache, std::uint64_t seed) {
  return cache / fmt::format("verdicts-{}-{}.json", short_id(), seed);
}

fs::path user_cache() {
  if (const char* const folder = std::getenv("XDG_CACHE_HOME"); folder && *folder == '/')
    return fs::path(folder) / "assay";
  if (const char* const home = std::getenv("HOME"); home && *home == '/')
    return fs::path(home) / ".cache" / "assay";
  return {};
}

Verdicts verdicts_on(const std::vector<std::string>& claims, std::uint64_t seed, unsigned jobs,
                     const fs::path& cache, const std::function<void(std::size_t, std::size_t)>& progress) {
  const fs::path file = cache.empty() ? fs::path() : verdict_file(cache, seed);
  Verdicts kept = cache.empty() ? Verdicts{} : read(file);
  Verdicts result;
  std::vector<const properties::Claim*> open;
  for (const std::string& id : claims) {
    const properties::Claim* const claim = properties::find_claim(id);
    if (!claim || result.contains(id)) continue;
    const auto found = kept.find(id);
    if (found == kept.end()) open.push_back(claim);
    result[id] = found == kept.end() ? ClaimVerdict{} : found->second;
  }
  if (open.empty()) return result;
  // Floats are not asked: a key is about the reals.
  properties::Effort effort;
  effort.seed = seed;
  effort.floats = false;
  std::size_t done = 0;
  std::set<std::string> failed;
  properties::verify_all(open, effort, jobs, [&](const properties::Finding& finding) {
    result[finding.claim->id] = to_key_verdict(finding.verdict);
    // A test that broke off says nothing; the next run may have more memory.
    if (finding.verdict.evidence.starts_with("test failed:")) failed.insert(finding.claim->id);
    if (progress) progress(++done, open.size());
  });
  if (cache.empty()) return result;
  kept = read(file);  // another run may have written meanwhile
  for (const auto& [id, verdict] : result)
    if (!failed.contains(id)) kept[id] = verdict;
  write(file, kept);
  return result;
}

}  // namespace assay::graders::exams
