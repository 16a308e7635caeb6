#include "assay/driver.hpp"
#include "losses.hpp"

int main() {
  return assay::serve({assay::function("log_cosh", log_cosh), assay::function("log_cosh_gradient", log_cosh_gradient),
                       assay::function("focal", focal), assay::function("smoothed", smoothed)});
}
