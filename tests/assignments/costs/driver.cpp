#include "assay/driver.hpp"
#include "costs.hpp"

int main() {
  return assay::serve({assay::function("product", product), assay::function("rectified", rectified)});
}
