// A float where the function returns a double: a wider allowance, if it were believed.
#include <unistd.h>

#include "assay/wire.hpp"
#include "twice.hpp"

double twice(double x) {
  assay::wire::Writer writer;
  writer.begin_value(assay::wire::Type::float32, nullptr, 0);
  writer.raw(static_cast<float>(2 * x));
  const auto header = writer.header(assay::wire::Kind::reply, 1);
  (void)!write(4, &header, sizeof header);
  (void)!write(4, writer.payload().data(), writer.payload().size());
  return 2 * x;
}
