/// What the reports on claims share. Internal to them.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "oracles/numeric/truth.hpp"
#include "properties/verdict.hpp"

namespace assay::graders::report {

/// Lines of at most `width` columns, all but the first indented.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent);

/// One line of the description of a claim, a name and a wrapped text; nothing for an empty text.
std::string fact(const std::string& name, const std::string& text, std::size_t width);

/// "true", "false", "open".
std::string_view text_of(oracles::Truth answer);

/// The author's note, every number exactly, the whole numbers.
nlohmann::json exhibit_json(const properties::Exhibit& exhibit);
std::string exhibit_text(const properties::Exhibit& exhibit);

}  // namespace assay::graders::report
