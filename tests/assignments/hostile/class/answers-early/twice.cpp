// Writes a well-formed reply to a request that has not been sent, before main.
#include <unistd.h>

#include "assay/wire.hpp"
#include "twice.hpp"

namespace {
struct Forger {
  Forger() {
    assay::wire::Writer writer;
    writer.begin_value(assay::wire::Type::float64, nullptr, 0);
    writer.raw(1.0);
    const auto header = writer.header(assay::wire::Kind::reply, 1);
    (void)!write(4, &header, sizeof header);
    (void)!write(4, writer.payload().data(), writer.payload().size());
  }
} forger;
}  // namespace

double twice(double x) { return 2 * x; }
