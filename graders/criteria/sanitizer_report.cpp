#include "graders/criteria/sanitizer_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <regex>
#include <utility>

namespace assay::graders {
namespace {

/// {} is what is done, "reads 8 bytes".
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kinds{{
    {"heap-buffer-overflow", "{} outside a block of the heap (an array or a vector)"},
    {"stack-buffer-overflow", "{} outside a local array or variable"},
    {"stack-buffer-underflow", "{} before a local array or variable"},
    {"dynamic-stack-buffer-overflow", "{} outside a local array"},
    {"global-buffer-overflow", "{} outside a global array or variable"},
    {"container-overflow", "{} beyond the size of a container"},
    {"heap-use-after-free", "{} of memory that was freed before"},
    {"stack-use-after-return", "{} of a local variable of a function that has returned"},
    {"stack-use-after-scope", "{} of a local variable that no longer exists"},
    {"attempting double-free", "frees the same memory twice"},
    {"attempting free on address", "frees memory that was not allocated"},
    {"alloc-dealloc-mismatch", "frees memory in another way than it was allocated"},
    {"stack-overflow", "needs more stack than there is: a recursion without end?"},
    {"SEGV", "uses an address where there is no memory: a null pointer, or an index far outside?"},
    {"allocation-size-too-big", "asks for an impossible amount of memory"},
    {"negative-size-param", "copies a negative number of bytes"},
}};

std::string access(const std::string& text) {
  static const std::regex pattern(R"((READ|WRITE) of size (\d+))");
  std::smatch match;
  if (!std::regex_search(text, match, pattern)) return "uses memory";
  return fmt::format("{} {} bytes", match[1] == "READ" ? "reads" : "writes", match[2].str());
}

/// Frames of the first stack. A return address is behind its call.
std::vector<std::string> offsets_in(const std::string& text) {
  static const std::regex frame(R"(#\d+ 0x[0-9a-f]+ +\(([^()\s]+)\+0x([0-9a-f]{1,12})\))");
  std::vector<std::string> offsets;
  const std::string stack = text.substr(0, text.find("\n\n"));
  for (std::sregex_iterator match(stack.begin(), stack.end(), frame), end; match != end; ++match) {
    const std::string module = (*match)[1];
    if (module.find(".so") != std::string::npos) continue;
    const std::uint64_t address = std::stoull((*match)[2], nullptr, 16);
    if (address > 0) offsets.push_back(fmt::format("0x{:x}", address - 1));
  }
  return offsets;
}

Fault address_fault(const std::string& text) {
  const std::string line = text.substr(0, text.find('\n'));
  const auto kind =
      std::ranges::find_if(kinds, [&](const auto& one) { return line.find(one.first) != std::string::npos; });
  Fault fault;
  fault.sentence = kind != kinds.end() ? fmt::format(fmt::runtime(kind->second), access(text))
                                       : "damages memory (" + line.substr(0, 80) + ")";
  fault.offsets = offsets_in(text);
  return fault;
}

}  // namespace

std::optional<Fault> first_fault(std::string_view standard_error) {
  constexpr std::string_view address_mark = "ERROR: AddressSanitizer: ";
  constexpr std::string_view undefined_mark = ": runtime error: ";
  const std::size_t address = standard_error.find(address_mark);
  const std::size_t undefined = standard_error.find(undefined_mark);
  if (address == std::string_view::npos && undefined == std::string_view::npos) return std::nullopt;
  if (address < undefined)
    return address_fault(std::string(standard_error.substr(address + address_mark.size())));
  const std::size_t newline = standard_error.rfind('\n', undefined);
  const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  const std::size_t what = undefined + undefined_mark.size();
  const std::size_t end = std::min(standard_error.find('\n', what), standard_error.size());
  Fault fault;
  fault.sentence = fmt::format("does what C++ leaves undefined: {}", standard_error.substr(what, end - what));
  std::string place(standard_error.substr(start, undefined - start));  // "/sub/net.cpp:12:5"
  if (place.starts_with("/sub/")) place.erase(0, 5);
  fault.place = place.substr(0, place.rfind(':'));
  return fault;
}

}  // namespace assay::graders
