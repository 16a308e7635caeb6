#include "assay/driver.hpp"
#include "twice.hpp"

int main() { return assay::serve({assay::function("twice", twice)}); }
