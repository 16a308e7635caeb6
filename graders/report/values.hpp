/// The values of one input, laid out for people: a scalar, a row, a matrix, or the matrices of a larger
/// tensor.
#pragma once

#include <string>
#include <vector>

#include "graders/report/fields.hpp"

namespace assay::graders::report {

/// One matrix of a tensor; every other shape is a special case. Long rows and columns end in "...".
struct Slice {
  std::string label;               ///< "X[0, :, :]"; empty where there is only one
  std::vector<std::string> heads;  ///< of the columns: "0", "1", ... ; empty below two dimensions
  std::vector<std::string> row_heads;
  std::vector<std::vector<std::string>> rows;
};

struct ValueView {
  std::string name;
  std::string kind;   ///< "float64, 2 x 3"
  std::string exact;  ///< the exact value behind a scalar's decimal, where it differs
  bool scalar = false;
  std::string note;  ///< what was left out; empty where nothing was
  std::vector<Slice> slices;
};

/// Lays out {"name", "type", "shape", "values"}; everything is escaped for one line.
ValueView lay_out(const Json& value);

/// "dW[1, 2]", "loss".
std::string element_name(const Json& counterexample);

}  // namespace assay::graders::report
