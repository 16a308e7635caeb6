// Terminal control characters in what the report will quote.
#include <stdexcept>

#include "twice.hpp"

double twice(double) { throw std::runtime_error("\x1b[2J<script>alert(1)</script>"); }
