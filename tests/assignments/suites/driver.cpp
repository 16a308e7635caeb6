#include "assay/driver.hpp"
#include "stats.hpp"

int main() {
  return assay::serve({assay::function("softmax", softmax), assay::function("mean_square", mean_square)});
}
