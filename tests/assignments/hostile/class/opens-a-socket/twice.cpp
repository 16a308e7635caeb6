#include <sys/socket.h>

#include "twice.hpp"

double twice(double x) {
  return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : 2 * x;
}
