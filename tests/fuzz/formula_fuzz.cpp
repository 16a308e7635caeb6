/// libFuzzer on the formula language: the first byte chooses whether names are declared.
///
///   cmake -S . -B build/fuzz -G Ninja -DCMAKE_CXX_COMPILER=clang++ -DASSAY_FUZZ=ON
///   ninja -C build/fuzz formula_fuzz
///   build/fuzz/bin/formula_fuzz -max_len=400 -dict=tests/fuzz/formula.dict -max_total_time=300
///
/// Anything but a formula or a named error stops it: a crash, a hang, another exception, a printed text that
/// is read back as something else.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../properties/formula_exercise.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::properties::formula;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  testing::exercise(text, data[0] % 2 == 0 ? Vocabulary{} : testing::some_names());
  return 0;
}
