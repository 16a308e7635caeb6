#include "assay/driver.hpp"
#include "fit.hpp"

int main() { return assay::serve({assay::function("loss", loss), assay::function("slope", slope)}); }
