#include "graders/intake/collector.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "graders/escape.hpp"
#include "graders/intake/sha256.hpp"

namespace assay::graders {
namespace {

namespace limits = intake_limits;

std::string folded(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

std::string base_name(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

std::vector<std::string> components(std::string_view path) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    parts.emplace_back(path.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

template <std::size_t n>
bool has_extension(std::string_view path, const std::array<std::string_view, n>& extensions) {
  const std::string lower = folded(path);
  return std::ranges::any_of(extensions,
                             [&](std::string_view e) { return lower.ends_with(e) && lower != e; });
}

bool is_safe(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && name.size() <= limits::name_bytes && plain(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return plain(c) || c == '.' || c == '-'; });
}

/// What file managers and editors leave behind.
bool is_junk(const std::vector<std::string>& parts) {
  return std::ranges::any_of(parts, [](const std::string& p) {
    return p == "__MACOSX" || (p.starts_with('.') && p != "..") || p == "Thumbs.db" || p == "desktop.ini";
  });
}

std::string shown(std::string_view path) {
  return displayable_line(path, 160);
}

}  // namespace

bool is_cpp_source(std::string_view path) {
  return has_extension(path, std::array<std::string_view, 4>{".cpp", ".cc", ".cxx", ".c++"});
}

bool is_cpp_file(std::string_view path) {
  constexpr std::array<std::string_view, 8> headers{".hpp", ".h",   ".hh",  ".hxx",
                                                    ".h++", ".ipp", ".inl", ".tpp"};
  return is_cpp_source(path) || has_extension(path, headers);
}

void Collector::refuse(std::string problem) {
  if (problem_.empty()) problem_ = std::move(problem);
}

bool Collector::wants(const std::string& path) {
  if (++entries_ > limits::entries) {
    refuse(fmt::format("more than {} entries", limits::entries));
    return false;
  }
  const std::vector<std::string> parts = components(path);
  if (path.empty() || path.front() == '/' || std::ranges::count(parts, "..") != 0) {
    refuse(fmt::format("'{}' points outside the submission", shown(path)));
    return false;
  }
  if (is_junk(parts)) return false;
  const bool known = is_cpp_file(path) || std::ranges::count(rules_.expected, base_name(path)) != 0;
  if (!known) {
    if (left_out_++ < 10) notes_.push_back(fmt::format("'{}' is no C++ file and was left out", shown(path)));
    return false;
  }
  if (std::ranges::any_of(parts, [](const std::string& p) { return p.size() > limits::name_bytes; }))
    refuse(fmt::format("the name '{}' is longer than {} bytes", shown(path), limits::name_bytes));
  if (parts.size() > limits::depth)
    refuse(fmt::format("'{}' is nested deeper than {} folders", shown(path), limits::depth));
  if (files_.size() >= limits::files) refuse(fmt::format("more than {} C++ files", limits::files));
  return ok();
}

bool Collector::count_inflated(std::size_t bytes, std::size_t archive_bytes) {
  inflated_ += bytes;
  if (inflated_ > limits::inflated_bytes ||
      (inflated_ > limits::file_bytes && inflated_ / limits::inflated_per_byte > archive_bytes))
    refuse("the archive unpacks to far more than it holds (a zip bomb)");
  return ok();
}

void Collector::add(const std::string& path, std::string bytes) {
  total_ += bytes.size();
  if (bytes.size() > limits::file_bytes) refuse(fmt::format("'{}' is larger than 1 MiB", shown(path)));
  if (total_ > limits::total_bytes) refuse("the C++ files together are larger than 8 MiB");
  if (ok()) files_.push_back({path, std::move(bytes)});
}

void Collector::add_only(const std::string& name, std::string bytes) {
  const bool renamed = rules_.expected.size() == 1 && name != rules_.expected.front();
  if (renamed) notes_.push_back(fmt::format("'{}' was taken for {}", shown(name), rules_.expected.front()));
  add(renamed ? rules_.expected.front() : name, std::move(bytes));
}

bool Collector::has_expected() const {
  return std::ranges::all_of(rules_.expected, [&](const std::string& name) {
    return std::ranges::any_of(files_, [&](const Raw& f) { return f.path == name; });
  });
}

/// A folder that holds everything is how most archivers pack; it is looked through.
void Collector::strip_wrapper() {
  while (!files_.empty() && !has_expected()) {
    const std::string top = files_.front().path.substr(0, files_.front().path.find('/') + 1);
    if (top.empty() || !std::ranges::all_of(files_, [&](const Raw& f) { return f.path.starts_with(top); }))
      return;
    for (Raw& file : files_) file.path.erase(0, top.size());
  }
}

void Collector::drop_given() {
  const auto is_given = [&](const Raw& f) {
    return std::ranges::count(rules_.given, f.path) != 0 ||
           std::ranges::count(rules_.given, base_name(f.path)) != 0;
  };
  for (const Raw& file : files_)
    if (is_given(file))
      notes_.push_back(
          fmt::format("'{}' is given by the course; the copy handed in is not used", shown(file.path)));
  std::erase_if(files_, is_given);
}

void Collector::refuse_duplicates() {
  std::map<std::string, std::string> seen;
  for (const Raw& file : files_) {
    const auto [first, fresh] = seen.emplace(folded(file.path), file.path);
    if (fresh) continue;
    if (first->second == file.path)
      refuse(fmt::format("'{}' is there twice", shown(file.path)));
    else
      refuse(fmt::format("'{}' and '{}' differ only in case", shown(first->second), shown(file.path)));
  }
}

void Collector::check_expected() {
  for (const std::string& name : rules_.expected) {
    if (std::ranges::any_of(files_, [&](const Raw& f) { return f.path == name; })) continue;
    std::vector<std::string> held;
    for (const Raw& file : files_)
      if (held.size() < 5) held.push_back(shown(file.path));
    if (files_.size() > held.size()) held.push_back(fmt::format("{} more", files_.size() - held.size()));
    return refuse(files_.empty()
                      ? fmt::format("no file {}: there is no C++ file at all", name)
                      : fmt::format("no file {}: what was handed in holds {}", name, fmt::join(held, ", ")));
  }
}

std::string Collector::safe_name(const Raw& file, std::size_t position,
                                 const std::vector<SubmissionFile>& taken) {
  const std::string base = base_name(file.path);
  const auto is_taken = [&](const std::string& name) {
    return std::ranges::any_of(taken,
                               [&](const SubmissionFile& f) { return folded(f.safe_name) == folded(name); });
  };
  if (is_safe(base) && !is_taken(base)) return base;
  std::string name = fmt::format("s{:04}{}", position, is_cpp_source(base) ? ".cpp" : ".hpp");
  while (is_taken(name)) name.insert(0, "s");
  notes_.push_back(fmt::format("'{}' is compiled as {}", shown(file.path), name));
  return name;
}

void Collector::finish(Submission& into) {
  strip_wrapper();
  drop_given();
  refuse_duplicates();
  check_expected();
  // Files at the top come first, so that one in a subfolder never takes their name away.
  std::ranges::sort(files_, [](const Raw& a, const Raw& b) {
    const bool a_deep = a.path.find('/') != std::string::npos, b_deep = b.path.find('/') != std::string::npos;
    return a_deep != b_deep ? b_deep : a.path < b.path;
  });
  std::string content;
  if (ok())
    for (std::size_t i = 0; i < files_.size(); ++i)
      into.files.push_back(
          {shown(files_[i].path), safe_name(files_[i], i + 1, into.files), std::move(files_[i].bytes)});
  std::ranges::sort(into.files, {}, &SubmissionFile::safe_name);
  for (const SubmissionFile& file : into.files)
    content += fmt::format("{} {}\n{}", file.safe_name, file.bytes.size(), file.bytes);
  if (left_out_ > 10)
    notes_.push_back(fmt::format("{} more files that are no C++ were left out", left_out_ - 10));
  into.digest = sha256(ok() ? content : problem_);
  into.problem = problem_;
  into.notes = std::move(notes_);
}

}  // namespace assay::graders
