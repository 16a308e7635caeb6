// A header that announces four gigabytes.
#include <unistd.h>

#include "assay/wire.hpp"
#include "twice.hpp"

double twice(double x) {
  assay::wire::Header header;
  header.kind = assay::wire::Kind::reply;
  header.case_id = 1;
  header.values = 1;
  header.payload_bytes = 0xffffffffu;
  (void)!write(4, &header, sizeof header);
  return 2 * x;
}
