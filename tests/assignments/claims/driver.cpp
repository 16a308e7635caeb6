#include "assay/driver.hpp"
#include "layers.hpp"

int main() {
  return assay::serve({assay::function("tanh_backward", tanh_backward),
                       assay::function("sigmoid_backward", sigmoid_backward), assay::function("dropout", dropout),
                       assay::function("layer", layer), assay::function("attend", attend)});
}
