#include "assay/driver.hpp"
#include "steps.hpp"

int main() {
  return assay::serve({assay::function("step", step)});
}
