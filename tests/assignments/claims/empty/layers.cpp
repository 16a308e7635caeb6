#include "layers.hpp"
