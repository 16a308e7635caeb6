/// Points are exact rationals; they are rounded once, for display.
#pragma once

#include <gmpxx.h>

#include <string>
#include <string_view>

namespace assay::graders {

using Points = mpq_class;

/// "3", "5/2", "0.5", "-1", exactly. Throws std::invalid_argument on anything else.
Points parse_points(std::string_view text);

/// "3" or "5/2".
std::string exact_text(const Points& points);

}  // namespace assay::graders
