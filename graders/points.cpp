#include "graders/points.hpp"

#include <cctype>
#include <stdexcept>

namespace assay::graders {

Points parse_points(std::string_view text) {
  std::string digits;
  std::string denominator = "1";
  bool any_digit = false, after_point = false, after_slash = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (std::isdigit(static_cast<unsigned char>(c))) {
      any_digit = true;
      (after_slash ? denominator : digits) += c;
      if (after_point) denominator += '0';
    } else if (c == '-' && i == 0) {
      digits += c;
    } else if (c == '.' && !after_point && !after_slash) {
      after_point = true;
    } else if (c == '/' && any_digit && !after_point && !after_slash) {
      after_slash = true;
      denominator.clear();
    } else {
      any_digit = false;
      break;
    }
  }
  const bool zero_denominator = denominator.find_first_not_of('0') == std::string::npos;
  if (!any_digit || zero_denominator)
    throw std::invalid_argument("'" + std::string(text) + "' is not an exact number; write 3, 5/2 or 0.5");
  Points result(digits + "/" + denominator, 10);  // base 10: by default a leading 0 means octal
  result.canonicalize();
  return result;
}

std::string exact_text(const Points& points) {
  return points.get_str();
}

}  // namespace assay::graders
