/// libFuzzer on answers to a formula item: the first byte chooses the key.
///
///   cmake -S . -B build/fuzz -G Ninja -DCMAKE_CXX_COMPILER=clang++ -DASSAY_FUZZ=ON
///   ninja -C build/fuzz equivalence_fuzz
///   build/fuzz/bin/equivalence_fuzz -max_len=300 -dict=tests/fuzz/formula.dict -timeout=5
///   -max_total_time=300
///
/// Anything but a comparison or a FormulaError stops it: a crash, a hang, another exception.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "properties/equivalence.hpp"

namespace {

using namespace assay;

fixtures::InputSpec real(std::vector<std::string> shape) {
  return {
      .name = "", .shape = std::move(shape), .values = fixtures::RealValues{"-4", "4", "1/4"}, .place = {}};
}

fixtures::Setting setting() {
  fixtures::Setting result;
  result.id = "fuzz";
  result.dimensions["n"] = {2, 3};
  result.inputs["x"] = real({});
  result.inputs["y"] = real({});
  result.inputs["v"] = real({"n"});
  result.inputs["W"] = real({"n", "2"});
  result.inputs["label"] = {.name = "label", .shape = {}, .values = fixtures::LabelValues{"n"}, .place = {}};
  result.define = {{"i", {"label + 1", {}}},
                   {"z", {"max(x, y, 0)", {}}},
                   {"loss", {"(z - sum(v))^2/2", {}}},
                   {"p", {"softmax(v)", {}}}};
  result.where = {"x != y", {}};
  result.symbols = {{"\\hat{x}", "x"}, {"ŷ", "y"}};
  return result;
}

const std::vector<std::unique_ptr<properties::Equivalence>>& keys() {
  static const auto all = [] {
    std::vector<std::unique_ptr<properties::Equivalence>> made;
    const std::vector<fixtures::KnownMistake> none, one{{"sign", "", {"-v_1", {}}, "0"}};
    for (const char* key :
         {"diff(loss, v[i])", "x*y", "0 < x < 1", "p", "log(sum(exp(v)))", "transpose(W)*v"})
      made.push_back(std::make_unique<properties::Equivalence>(setting(), fixtures::WrittenFormula{key, {}},
                                                               made.empty() ? one : none, 1));
    return made;
  }();
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const properties::Equivalence& key = *keys()[data[0] % keys().size()];
  try {
    const properties::Comparison first = key.compare(text);
    const bool different = first.outcome == properties::Comparison::Outcome::different;
    if (different && first.expected.empty() && first.message.empty())
      throw std::logic_error("different, but nobody says where");
  } catch (const properties::formula::FormulaError& error) {
    if (error.offset > text.size()) throw std::logic_error("an error beyond the text");
  }
  return 0;
}
