// Each level doubles the work: no compiler finishes this.
#include "twice.hpp"

template <int N, int M>
struct Tree {
  static constexpr int value = Tree<N - 1, 2 * M>::value + Tree<N - 1, 2 * M + 1>::value;
};
template <int M>
struct Tree<0, M> {
  static constexpr int value = 1;
};

double twice(double x) { return Tree<26, 0>::value > 0 ? 2 * x : 0; }
