// The right answer, and once more the same frame.
#include <unistd.h>

#include "assay/wire.hpp"
#include "twice.hpp"

double twice(double x) {
  static std::uint64_t call = 0;
  assay::wire::Writer writer;
  writer.begin_value(assay::wire::Type::float64, nullptr, 0);
  writer.raw(2 * x);
  const auto header = writer.header(assay::wire::Kind::reply, ++call);
  (void)!write(4, &header, sizeof header);
  (void)!write(4, writer.payload().data(), writer.payload().size());
  return 2 * x;
}
