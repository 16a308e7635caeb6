/// Reading fields of a results document; what is missing or of the wrong type is a ReportError that names it.
#pragma once

#include <cstddef>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::graders::report {

using Json = nlohmann::json;
using JsonRef = std::reference_wrapper<const Json>;

const Json& field(const Json& object, const char* key);
const Json* find(const Json& object, const char* key);  ///< nullptr where absent or null

std::string text(const Json& object, const char* key);
std::string text_or_empty(const Json& object, const char* key);
/// Text that may be shown, at most `cap` bytes of it; empty where absent.
std::string shown(const Json& object, const char* key, std::size_t cap = 2000);
std::optional<double> number(const Json& object, const char* key);  ///< nullopt where absent or null
std::size_t count(const Json& object, const char* key);             ///< 0 where absent
bool flag(const Json& object, const char* key);                     ///< false where absent

/// Elements of the array under `key`, sorted by their "id"; equal ids keep their order.
std::vector<JsonRef> sorted_by_id(const Json& object, const char* key);

/// The element of the array under `key` with this id; ReportError lists what there is.
const Json& with_id(const Json& object, const char* key, std::string_view id, std::string_view noun);

}  // namespace assay::graders::report
