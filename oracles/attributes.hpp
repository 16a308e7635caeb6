/// Named settings of an operation (axis, alpha, reduction ...), kept as text so that decimals stay exact.
#pragma once

#include <map>
#include <string>

namespace assay::oracles {

/// Attribute name -> text, as written ("1", "0.01", "1/3", "mean"). Operations read them through
/// `integer_attribute`, `text_attribute` and `real_attribute<T>` (attribute_access.hpp).
using Attributes = std::map<std::string, std::string, std::less<>>;

}  // namespace assay::oracles
