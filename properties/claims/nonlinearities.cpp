/// What makes a function usable as an activation: networks of it do more than lines, and gradients come back.
#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

/// An activation put together from the catalogue, and its slope.
struct Steeper {  // max(x/4, 3x/4)
  template <class T>
  static T value(const Subject<T>& subject, const T& x) {
    return T(T(3) / T(4) * subject.at("leaky_relu", x, {{"alpha", "1/3"}}));
  }
  template <class T>
  static T slope(const Subject<T>& subject, const T& x) {
    return T(T(3) / T(4) * subject.back("leaky_relu", x, T(1), {{"alpha", "1/3"}}));
  }
};
struct LowerHalf {  // min(0, x)
  template <class T>
  static T value(const Subject<T>& subject, const T& x) {
    return T(-subject.at("relu", T(-x)));
  }
  template <class T>
  static T slope(const Subject<T>& subject, const T& x) {
    return subject.back("relu", T(-x), T(1));
  }
};
template <int numerator>
struct Line {  // numerator x / 20
  template <class T>
  static T value(const Subject<T>&, const T& x) {
    return T(T(numerator) / T(20) * x);
  }
  template <class T>
  static T slope(const Subject<T>&, const T&) {
    return T(T(numerator) / T(20));
  }
};
struct CutLine {  // max(0, 7x/10)
  template <class T>
  static T value(const Subject<T>& subject, const T& x) {
    return T(T(7) / T(10) * subject.at("relu", x));
  }
  template <class T>
  static T slope(const Subject<T>& subject, const T& x) {
    return T(T(7) / T(10) * subject.back("relu", x, T(1)));
  }
};
struct Jump {  // 1 above 1/2, -1 elsewhere
  template <class T>
  static T value(const Subject<T>& subject, const T& x) {
    return T(T(2) * subject.at("heaviside", T(x - T(1) / T(2)), {{"at_zero", "0"}}) - T(1));
  }
  /// A difference quotient over half the distance to the jump; at the jump itself there is none.
  template <class T>
  static T slope(const Subject<T>& subject, const T& x) {
    const T h = T(abs(T(x - T(1) / T(2))) / T(2));
    return T((value(subject, T(x + h)) - value(subject, T(x - h))) / (T(2) * h));
  }
};
struct Ramp {  // min(max(x, -1), 1)
  template <class T>
  static T value(const Subject<T>& subject, const T& x) {
    return subject.at("hardtanh", x);
  }
  template <class T>
  static T slope(const Subject<T>& subject, const T& x) {
    return subject.back("hardtanh", x, T(1));
  }
};

// ---- A network of two units that tells the odd corners of a square apart --------------------------------

/// The score v.f(W^T x + b) of a corner, and whether any gradient comes back to W there.
template <class F, class T>
std::pair<T, Truth> corner(const Point<T>& at, const Subject<T>& subject, int x0, int x1) {
  const Tensor<T>&w = at["W"], &b = at["b"], &v = at["v"];
  T score = T(0);
  Truth moves = Truth::no;
  for (std::size_t h = 0; h < b.size(); ++h) {
    const T before = T(w(0, h) * T(x0) + w(1, h) * T(x1) + b[h]);
    score += v[h] * F::value(subject, before);
    if (x0 + x1 > 0) moves = moves || !equal(T(v[h] * F::slope(subject, before)), T(0));
  }
  return {score, moves};
}

/// (0, 1) and (1, 0) score above (0, 0) and (1, 1), and some gradient reaches the first weights.
template <class F>
Predicate usable() {
  return on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
    Truth apart = Truth::yes, moves = Truth::no;
    for (const int odd : {0, 1})
      for (const int even : {0, 1}) {
        const auto high = corner<F>(at, subject, odd, 1 - odd), low = corner<F>(at, subject, even, even);
        apart = apart && less(low.first, high.first);
        moves = moves || high.second || low.second;
      }
    return apart && moves;
  });
}

/// No pre-activation is at the jump.
bool off_the_jump(const Case& drawn) {
  const Point<double> at(drawn);
  const Tensor<double>&w = at["W"], &b = at["b"];
  for (std::size_t h = 0; h < b.size(); ++h)
    for (const double x0 : {0.0, 1.0})
      for (const double x1 : {0.0, 1.0})
        if (w(0, h) * x0 + w(1, h) * x1 + b[h] == 0.5) return false;
  return true;
}

Space pairs_of_units() {
  return {.variables = {fractions("W", -1, 1, 0.5, {"2", "2"}), fractions("b", -1, 1, 0.5, {"2"}),
                        fractions("v", -2, 2, 0.5, {"2"})},
          .text = "two hidden units, the four corners of a square, exclusive or",
          .within = off_the_jump};
}

/// Units f(x0 - x1 + b) and f(x1 - x0 + b) with the same outgoing weight.
Case mirrored(double bias, double outgoing) {
  return instance({{"W", Tensor<double>({2, 2}, {1, -1, -1, 1})},
                   {"b", Tensor<double>({2}, {bias, bias})},
                   {"v", Tensor<double>({2}, {outgoing, outgoing})}},
                  "f(x0 - x1 + b) and f(x1 - x0 + b), which compute exclusive or, and whose weights get a "
                  "gradient");
}

template <class F>
Question is_usable(const std::string& function, std::vector<Case> pinned, std::vector<Proof> never,
                   std::string because = {}) {
  return {.statement = function +
                       " is a usable activation: a network of it computes exclusive or, and "
                       "gradients reach its first weights.",
          .test = Exists{.space = pairs_of_units(),
                         .holds = usable<F>(),
                         .pinned = std::move(pinned),
                         .never = std::move(never),
                         .cases = 300},
          .because = std::move(because)};
}

/// One unit v f(w0 x0 + w1 x1 + b) with f(x) = c x: what it gives (0, 0) and (1, 1) together it gives
/// (0, 1) and (1, 0) together. Sums of units do likewise.
std::vector<Proof> lines_cannot() {
  const auto unit = []<class T>(const std::vector<T>& v, int x0, int x1) {
    return T(v[0] * (v[1] * (v[2] * T(x0) + v[3] * T(x1) + v[4])));
  };
  const auto even = [unit]<class T>(const std::vector<T>& v) { return T(unit(v, 0, 0) + unit(v, 1, 1)); };
  const auto odd = [unit]<class T>(const std::vector<T>& v) { return T(unit(v, 0, 1) + unit(v, 1, 0)); };
  return {{"hidden layers of any width", [=] {
             return together({{"f(0,0) + f(1,1) = f(0,1) + f(1,0), so the odd corners cannot both be higher",
                               identity(5, even, odd)}});
           }}};
}

/// At the distance d from the jump, on either side, over a step d/2: without a first difference there is no
/// gradient.
ProofOutcome no_slope_beside_the_jump() {
  constexpr auto flat = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
    const T d = at("d"), jump = T(T(1) / T(2));
    const auto f = [&](const T& x) { return Jump::value(subject, x); };
    return equal(f(T(jump + d / T(2))), f(T(jump + d * T(3) / T(2)))) &&
           equal(f(T(jump - d / T(2))), f(T(jump - d * T(3) / T(2))));
  };
  return together({{"the function is constant on either side of the jump, its slope 0 wherever there is one",
                    cover(flat, {{"d", 0x1p-30, 0x1p10}})}});
}
std::vector<Proof> jumps_cannot() {
  return {{"pre-activations from 2^-30 to 2^10 away from the jump", no_slope_beside_the_jump}};
}

// ---- Thresholds -----------------------------------------------------------------------------------------

/// The difference quotient around x = side d over a step d/2 is 0: so is all that comes back.
template <class T>
Truth nothing_comes_back(const Point<T>& at, const Subject<T>& subject, const char* activation) {
  const T d = at("d"), h = T(d / T(2));
  Truth all = Truth::yes;
  for (const int side : {-1, 1}) {
    const T x = T(T(side) * d);
    all = all && equal(subject.at(activation, T(x + h)), subject.at(activation, T(x - h)));
  }
  return all;
}

Space distances() {
  return {.variables = {reals("d", 0x1p-20, 1000)}, .text = "inputs other than the threshold 0"};
}

ProofOutcome thresholds_are_flat() {
  constexpr auto flat = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
    return nothing_comes_back(at, subject, "heaviside");
  };
  return cover(flat, {{"d", 0x1p-20, 1000}}, 200'000);
}

Question thresholds_stop_gradients() {
  return {
      .statement =
          "Threshold activations cannot be used for back-propagation: wherever they have a slope it is "
          "0, and nothing comes back.",
      .test = ForAll{.space = distances(),
                     .holds = on_reals([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                       return nothing_comes_back(at, subject, "heaviside");
                     }),
                     .proofs = {{"inputs from 2^-20 to 1000 away from the threshold", thresholds_are_flat}}},
      .because = "A step is flat on both sides, and at the jump it has no slope at all."};
}
Question sigmoids_stop_gradients() {
  return {
      .statement = "Sigmoid activations cannot be used for back-propagation: their slope is 0.",
      .test = ForAll{.space = distances(),
                     .holds = on_reals([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                       return nothing_comes_back(at, subject, "sigmoid");
                     }),
                     .pinned = {instance({{"d", 1}})}}};
}

}  // namespace

std::vector<Claim> nonlinearities() {
  return {
      {.id = "cs231n-2019.mc.4.A",
       .quantifier = Quantifier::definitional,
       .published = "true",
       .source = "CS231n midterm, spring 2019, multiple choice 4 A",
       .question = is_usable<Steeper>("max(0.25x, 0.75x)", {mirrored(0, 2)}, {},
                                      "It bends at 0, and its slope is never 0."),
       .foil = is_usable<Line<5>>("max(0.25x, 0.25x)", {}, lines_cannot())},
      {.id = "cs231n-2019.mc.4.B",
       .quantifier = Quantifier::definitional,
       .published = "true",
       .source = "CS231n midterm, spring 2019, multiple choice 4 B",
       .question = is_usable<LowerHalf>("min(0, x)", {mirrored(0, -1)}, {},
                                        "It is ReLU turned upside down and back to front: -relu(-x)."),
       .foil = is_usable<Line<20>>("min(x, x)", {}, lines_cannot())},
      {.id = "cs231n-2019.mc.4.C",
       .quantifier = Quantifier::definitional,
       .published = "false",
       .source = "CS231n midterm, spring 2019, multiple choice 4 C",
       .question =
           is_usable<Line<14>>("0.7x", {}, lines_cannot(), "It is linear: layers of it collapse into one."),
       .foil = is_usable<CutLine>("max(0, 0.7x)", {mirrored(0, 1)}, {})},
      {.id = "cs231n-2019.mc.4.D",
       .quantifier = Quantifier::definitional,
       .published = "false",
       .source = "CS231n midterm, spring 2019, multiple choice 4 D",
       .question = is_usable<Jump>("A step from -1 to 1 at 0.5", {}, jumps_cannot(),
                                   "Its slope is 0 on both sides of the jump: no gradient ever comes back."),
       .foil = is_usable<Ramp>("A ramp from -1 to 1", {mirrored(-0.25, 1)}, {})},
      {.id = "cmu24788-2025.mc.3.e.D",
       .quantifier = Quantifier::universal,
       .source = "CMU 24-788 midterm, spring 2025, multiple choice 3 e D",
       .question = thresholds_stop_gradients(),
       .foil = sigmoids_stop_gradients()},
  };
}

}  // namespace assay::properties::topics
