#include "assay/driver.hpp"
#include "toolbox.hpp"

int main() {
  return assay::serve({assay::function("softmax", softmax), assay::function("total", total),
                       assay::function("loss", loss), assay::function("gradient", gradient)});
}
