/// Linear classifiers: what a hyperplane can tell apart, and what it takes to tell.
#include <fmt/format.h>

#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

// ---- Which classifiers are linear -----------------------------------------------------------------------

/// Whether a point half-way between two others of one label has that label.
template <class T>
Truth middle_has_the_label(const T& one, const T& other, const T& middle) {
  const Truth positive = less_equal(T(0), one), same = positive && less_equal(T(0), other);
  const Truth negative = less(one, T(0)) && less(other, T(0));
  return (!same || less_equal(T(0), middle)) && (!negative || less(middle, T(0)));
}

template <class T>
Tensor<T> half_way(const Tensor<T>& a, const Tensor<T>& b) {
  Tensor<T> middle = a;
  for (std::size_t i = 0; i < a.size(); ++i) middle[i] = (a[i] + b[i]) / T(2);
  return middle;
}

constexpr auto svm_regions_are_convex = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  const auto score = [&](const Tensor<T>& x) { return subject.value("affine", {x, at["w"], at["b"]})[0]; };
  const Tensor<T>&one = at["one"], &other = at["other"];
  return middle_has_the_label(score(one), score(other), score(half_way(one, other)));
};

/// w (t a + (1 - t) c) + b = t (w a + b) + (1 - t)(w c + b), in each coordinate and so in their sum.
ProofOutcome score_is_affine() {
  return identity(
      5,
      []<class T>(const std::vector<T>& v) { return T(v[0] * (v[2] * v[3] + (T(1) - v[2]) * v[4]) + v[1]); },
      []<class T>(const std::vector<T>& v) {
        return T(v[2] * (v[0] * v[3] + v[1]) + (T(1) - v[2]) * (v[0] * v[4] + v[1]));
      });
}

Question svm_is_linear() {
  return {.statement =
              "A support vector machine with a linear kernel is a linear classifier: both of its regions "
              "are convex.",
          .test = ForAll{.space = {{fractions("w", -2, 2, 0.5, {"3", "1"}), fractions("b", -2, 2, 0.5, {"1"}),
                                    fractions("one", -4, 4, 0.5, {"1", "3"}),
                                    fractions("other", -4, 4, 0.5, {"1", "3"})}},
                         .holds = on_fractions_only(svm_regions_are_convex),
                         .proofs = {{"all weights, biases and points", score_is_affine}}},
          .because =
              "The hinge loss decides which weights are learned; the label is the sign of w x + b all the "
              "same."};
}

/// One 2x2 convolution into two maps, an activation, and a linear layer.
template <bool has_relu>
constexpr auto cnn_regions_are_convex = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  const Tensor<T> no_bias(oracles::absent);
  const auto score = [&](const Tensor<T>& image) {
    Tensor<T> maps = subject.value("conv2d", {image, at["filters"], no_bias});
    if (has_relu) maps = subject.value("relu", {maps});
    maps.shape = {1, 2};
    return subject.value("affine", {maps, at["v"], at["b"]})[0];
  };
  const Tensor<T>&one = at["one"], &other = at["other"];
  return middle_has_the_label(score(one), score(other), score(half_way(one, other)));
};

/// Filters that read x and -x at the first pixel: |x| - 1.
Case magnitude_less_one() {
  return instance(
      {{"filters", Tensor<double>({2, 1, 2, 2}, {1, 0, 0, 0, -1, 0, 0, 0})},
       {"v", Tensor<double>({2, 1}, {1, 1})},
       {"b", Tensor<double>({1}, {-1})},
       {"one", Tensor<double>({1, 1, 2, 2}, {2, 0, 0, 0})},
       {"other", Tensor<double>({1, 1, 2, 2}, {-2, 0, 0, 0})}},
      "a network that computes |x| - 1 of the first pixel: 1 at x = 2 and -2, but -1 half-way between");
}

template <bool has_relu>
Question cnn_is_linear() {
  return {.statement =
              has_relu ? "A convolutional network with ReLU is a linear classifier."
                       : "A convolutional network without any activation function is a linear classifier.",
          .test = ForAll{.space = {{fractions("filters", -2, 2, 0.5, {"2", "1", "2", "2"}),
                                    fractions("v", -2, 2, 0.5, {"2", "1"}), fractions("b", -2, 2, 0.5, {"1"}),
                                    fractions("one", -4, 4, 0.5, {"1", "1", "2", "2"}),
                                    fractions("other", -4, 4, 0.5, {"1", "1", "2", "2"})}},
                         .holds = on_fractions_only(cnn_regions_are_convex<has_relu>),
                         .pinned = {magnitude_less_one()}},
          .because = "ReLU bends the boundary; without it a stack of linear maps is one linear map."};
}

// ---- The centre square ----------------------------------------------------------------------------------
//
// Points of [-2, 2]^2; those of [-1, 1]^2 are positive. Two finite sets of the plane can be told apart by a
// line unless their convex hulls meet (Gordan's alternative), and then a point of one lies in a triangle of
// the other, or a segment of one meets a segment of the other (Kirchberger's theorem for the plane). All of
// this is decided by signs of areas, exactly.

template <class T>
struct Spot {
  T x, y;
  Truth positive;
};

template <class T>
std::vector<Spot<T>> spots(const Tensor<T>& points) {
  std::vector<Spot<T>> all;
  for (std::size_t i = 0; i < points.shape[0]; ++i) {
    const T x = points(i, 0), y = points(i, 1);
    all.push_back({x, y, less_equal(T(abs(x)), T(1)) && less_equal(T(abs(y)), T(1))});
  }
  return all;
}

/// Twice the signed area of a triangle.
template <class T>
T area(const Spot<T>& a, const Spot<T>& b, const Spot<T>& c) {
  return T((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
}

/// Closed; triangles without area are left to the segments.
template <class T>
Truth in_triangle(const Spot<T>& p, const Spot<T>& a, const Spot<T>& b, const Spot<T>& c) {
  const T whole = area(a, b, c);
  Truth inside = !equal(whole, T(0));
  for (const T& part : {area(a, b, p), area(b, c, p), area(c, a, p)})
    inside = inside && less_equal(T(0), T(part * whole));
  return inside;
}

/// Closed; a segment may be a point.
template <class T>
Truth segments_meet(const Spot<T>& a, const Spot<T>& b, const Spot<T>& c, const Spot<T>& d) {
  const auto overlap = [](const T& p, const T& q, const T& r, const T& s) {
    return less_equal(max(min(p, q), min(r, s)), min(max(p, q), max(r, s)));
  };
  return overlap(a.x, b.x, c.x, d.x) && overlap(a.y, b.y, c.y, d.y) &&
         less_equal(T(area(a, b, c) * area(a, b, d)), T(0)) &&
         less_equal(T(area(c, d, a) * area(c, d, b)), T(0));
}

/// Whether some line has all positives on one side and all negatives on the other.
template <class T>
Truth separable(const Tensor<T>& points) {
  const std::vector<Spot<T>> all = spots(points);
  const std::size_t n = all.size();
  Truth meet = Truth::no;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i; j < n; ++j)
      for (std::size_t k = 0; k < n; ++k)
        for (std::size_t l = k; l < n; ++l) {
          const Truth opposite = all[i].positive && all[j].positive && !all[k].positive && !all[l].positive;
          if (opposite != Truth::no)
            meet = meet || (opposite && segments_meet(all[i], all[j], all[k], all[l]));
        }
  for (const Spot<T>& p : all)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = i + 1; j < n; ++j)
        for (std::size_t k = j + 1; k < n; ++k) {
          const Truth same = all[i].positive && all[j].positive && all[k].positive && !p.positive;
          const Truth other = !all[i].positive && !all[j].positive && !all[k].positive && p.positive;
          if ((same || other) != Truth::no) meet = meet || in_triangle(p, all[i], all[j], all[k]);
        }
  return !meet;
}

constexpr auto can_be_separated = []<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
  return separable(at["points"]);
};

Space square(fixtures::Dimension points) {
  return {.variables = {fractions("points", -2, 2, 0.5, {"N", "2"})},
          .whole_numbers = {{"N", points}},
          .text = fmt::format("{} to {} points of the square", points.low, points.high)};
}

Tensor<double> enclosed() {
  return Tensor<double>({4, 2}, {0, 0, 2, 0, -1.5, 1.5, -1.5, -1.5});
}

Question many_points() {
  return {
      .statement =
          "With more than three points of the centre-square problem, a linear classifier can always "
          "reach training error 0.",
      .test =
          ForAll{.space = square({4, 7}),
                 .holds = on_fractions_only(can_be_separated),
                 .pinned = {instance({{"points", enclosed()}},
                                     "(0, 0) positive inside the triangle of the negatives (2, 0), (-3/2, "
                                     "3/2), (-3/2, -3/2)")},
                 .cases = 100},
      .because =
          "A half-plane with the three corners has all of their triangle. (That the mean of a class is "
          "(0, 0) is so on average only: some samples can be separated.)"};
}

/// Two positives, then two negatives.
Tensor<double> two_and_two() {
  return Tensor<double>({4, 2}, {0, 0, 1, 1, 2, 0, 2, 2});
}

Question some_four_points() {
  return {
      .statement =
          "For some four points of the centre-square problem, of both classes, a linear classifier "
          "reaches training error 0.",
      .test = Exists{.space = square({4, 4}),
                     .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
                       Truth positives = Truth::no, negatives = Truth::no;
                       for (const Spot<T>& spot : spots(at["points"])) {
                         positives = positives || spot.positive;
                         negatives = negatives || !spot.positive;
                       }
                       return positives && negatives && separable(at["points"]);
                     }),
                     .pinned = {instance({{"points", two_and_two()}},
                                         "(0, 0) and (1, 1) positive, (2, 0) and (2, 2) negative")}}};
}

/// Of the paper's two answers, yes by memorising and no by three points in a row, both got the mark.
Question three_points() {
  const auto not_in_a_row = [](Case& drawn) {
    const auto& points = std::get<Tensor<double>>(drawn.inputs.at("points"));
    const auto all = spots(points);
    return all.size() < 3 || area(all[0], all[1], all[2]) != 0;
  };
  return {
      .statement =
          "With at most three points of the centre-square problem, a linear classifier can reach "
          "training error 0.",
      .test = ForAll{.space = square({1, 3}),
                     .holds = on_fractions_only(can_be_separated),
                     .pinned = {instance({{"points", Tensor<double>({3, 2}, {-1.5, 0, 0, 0, 1.5, 0})}},
                                         "(0, 0) positive between the negatives (-3/2, 0) and (3/2, 0)")},
                     .assumptions = {{"general_position", "no three points lie on one line", not_in_a_row}},
                     .cases = 1000},
      .because =
          "Three points that are not in a row take any labels: three weights, three equations. Points "
          "drawn from a square are in a row with probability 0."};
}

Question two_points() {
  return {.statement =
              "With at most two points of the centre-square problem, a linear classifier can reach "
              "training error 0.",
          .test = ForAll{.space = square({1, 2}), .holds = on_fractions_only(can_be_separated)}};
}

// ---- One sigmoid unit -----------------------------------------------------------------------------------

/// With a = e^-s, b = e^-t: 1/(1 + a) - 1/(1 + b) = (b - a)/((1 + a)(1 + b)), which has the sign of s - t.
ProofOutcome sigmoid_rises() {
  return identity(
      2, []<class T>(const std::vector<T>& v) { return T(T(1) / (T(1) + v[0]) - T(1) / (T(1) + v[1])); },
      []<class T>(const std::vector<T>& v) { return T((v[1] - v[0]) / ((T(1) + v[0]) * (T(1) + v[1]))); });
}

Derived one_unit_is_enough() {
  Tensor<Rational> points(enclosed().shape);
  for (std::size_t i = 0; i < points.size(); ++i) points[i] = oracles::to_rational(enclosed()[i]);
  const bool is_a_half_plane = sigmoid_rises().proved == Truth::yes;
  return {
      is_a_half_plane ? separable(points) : Truth::unknown,
      "where v sigmoid(w x + b) + c is positive is a half-plane, all or nothing, for sigmoid rises strictly; "
      "and (0, 0) lies inside the triangle of (2, 0), (-3/2, 3/2), (-3/2, -3/2)"};
}

Question one_unit() {
  return {.statement =
              "With more than three points of the centre-square problem, a network with a single hidden "
              "sigmoid unit can always reach training error 0.",
          .test = Derivation{one_unit_is_enough},
          .because = "A single unit sees the points along one direction, as a linear classifier does."};
}

/// sigmoid(6 - 4 x) - 1/2 for points with 3/2 as the border.
Question one_unit_for_some() {
  return {.statement =
              "For some four points of the centre-square problem, of both classes, a network with a single "
              "hidden sigmoid unit reaches training error 0.",
          .test = Exists{
              .space = square({4, 4}),
              .holds = on_reals_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                Truth right = Truth::yes;
                for (const Spot<T>& spot : spots(at["points"])) {
                  const T score = subject.at("sigmoid", T(T(6) - T(4) * spot.x)) - T(1) / T(2);
                  right = right &&
                          ((spot.positive && less(T(0), score)) || (!spot.positive && less(score, T(0))));
                }
                return right;
              }),
              .pinned = {
                  instance({{"points", two_and_two()}},
                           "(0, 0) and (1, 1) positive, (2, 0) and (2, 2) negative, by sigmoid(6 - 4 x1) - "
                           "1/2")}}};
}

Claim csc413(const std::string& item, std::string published, Question question, Question foil) {
  return {.id = "csc413-2020.8." + item,
          .quantifier = Quantifier::universal,
          .published = std::move(published),
          .source = "CSC413 midterm, winter 2020, question 8 (" + item + ")",
          .question = std::move(question),
          .foil = std::move(foil)};
}

}  // namespace

std::vector<Claim> linear_classifiers() {
  return {
      csc413("a", "false", many_points(), some_four_points()),
      csc413("b", "", three_points(), two_points()),
      csc413("c", "false", one_unit(), one_unit_for_some()),
      {.id = "eecs498-2019.mc.2.1.C",
       .quantifier = Quantifier::structural,
       .source = "EECS 498 midterm, fall 2019, multiple choice 2.1 C",
       .question = svm_is_linear(),
       .foil = cnn_is_linear<true>()},
      {.id = "eecs498-2019.mc.2.1.D",
       .quantifier = Quantifier::universal,
       .source = "EECS 498 midterm, fall 2019, multiple choice 2.1 D",
       .question = cnn_is_linear<true>(),
       .foil = cnn_is_linear<false>()},
  };
}

}  // namespace assay::properties::topics
