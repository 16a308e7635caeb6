/// libFuzzer on the reader of the formula language alone, a hundred times faster than with evaluation: the
/// first byte chooses whether names are declared.
///
///   cmake -S . -B build/fuzz -G Ninja -DCMAKE_CXX_COMPILER=clang++ -DASSAY_FUZZ=ON
///   ninja -C build/fuzz parse_fuzz
///   build/fuzz/bin/parse_fuzz -max_len=300 -dict=tests/fuzz/formula.dict -timeout=60 -runs=10000000
///
/// A crash, an exception that is no FormulaError, a text printed as another formula, or 100 ms of processor
/// time for one text stop it; -timeout is by the clock, which a busy machine runs past.
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <stdexcept>
#include <string_view>

#include "../properties/formula_exercise.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::properties::formula;
  if (size == 0) return 0;
  static const Vocabulary nothing;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::clock_t start = std::clock();
  (void)testing::read(text, data[0] % 2 == 0 ? nothing : testing::some_names());
  if (std::clock() - start > CLOCKS_PER_SEC / 10) throw std::logic_error("100 ms for one text");
  return 0;
}
