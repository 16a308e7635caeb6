// A reply whose checksum is wrong.
#include <unistd.h>

#include "assay/wire.hpp"
#include "twice.hpp"

double twice(double x) {
  assay::wire::Writer writer;
  writer.begin_value(assay::wire::Type::float64, nullptr, 0);
  writer.raw(2 * x);
  auto header = writer.header(assay::wire::Kind::reply, 1);
  header.checksum ^= 1;
  (void)!write(4, &header, sizeof header);
  (void)!write(4, writer.payload().data(), writer.payload().size());
  return 2 * x;
}
