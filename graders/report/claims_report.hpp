/// Verdicts on claims: for a terminal, as JSON.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "properties/verify_all.hpp"

namespace assay::graders::report {

/// The head of the table, and one claim's row: id without its exam, verdict, key, whether they agree,
/// evidence. At most `width` columns.
std::string claims_head(const std::string& exam, std::size_t width = 80);
std::string claims_row(const properties::Finding& finding, std::size_t width = 80);
/// "153 claims: 61 proved, ... ; 2 contradict their published key: ..."
std::string claims_summary(std::span<const properties::Finding> findings, std::size_t width = 80);

/// Everything about one claim. `command` reproduces it.
std::string claim_text(const properties::Finding& finding, const std::string& command,
                       std::size_t width = 80);

/// docs/claims.md lists the fields. No times: the same effort gives the same bytes.
nlohmann::json claims_json(std::span<const properties::Finding> findings);

/// One page, complete in itself, for a document of claims_json: statement, verdict, evidence, counterexample,
/// picture.
std::string claims_html(const nlohmann::json& document, const std::string& title);

/// The words of the column "agrees".
std::string_view to_text(properties::Agreement agreement);
std::string_view to_text(properties::Quantifier quantifier);

/// "cs231n-2019" of "cs231n-2019.tf.6"; a claim without a point is its own.
std::string exam_of(const std::string& id);

}  // namespace assay::graders::report
