/// The wire format of `assay oracle`: one JSON object a line, in both directions. See docs/oracle.md.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "oracles/ask.hpp"

namespace assay::cli {

/// Keys keep the order they are written in.
using OrderedJson = nlohmann::ordered_json;

/// A question, and what else its line said.
struct Request {
  oracles::Question question;
  nlohmann::json id;      ///< comes back with the answer; null if there was none
  bool textbook = false;  ///< whether the float64 and float32 results are wanted too
};

/// Reads one line; `operation` stands where the line names none. Throws AskError (codes bad_json, unknown_key
/// and those of ask).
Request read_request(std::string_view line, const std::string& operation);

/// Numbers as a person or a program writes them: nested lists, or {"shape": [...], "data": [...]}. Throws
/// AskError.
oracles::TextTensor read_tensor(const nlohmann::json& value, const std::string& where);

OrderedJson to_json(const oracles::Question& question);
OrderedJson to_json(const oracles::Answer& answer, bool textbook);
OrderedJson to_json(const oracles::AskError& error);

/// The answer to one line, as a line without its end; errors are answers too.
struct Reply {
  std::string line;
  bool is_error = false;
};
Reply reply_to(std::string_view line, const std::string& operation);

}  // namespace assay::cli
