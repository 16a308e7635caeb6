/// Nearest neighbours: what flips, larger k, and the shape of their regions.
#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

template <class T>
Tensor<T> predictions(const Subject<T>& subject, const Tensor<T>& points, const IndexTensor& labels,
                      const Tensor<T>& queries, const char* k, const char* metric) {
  return subject.value("knn", {{points, queries}, {labels}}, {{"k", k}, {"metric", metric}});
}

// ---- Flipped images -------------------------------------------------------------------------------------

/// Images of 2 x 3 pixels, one in each row.
template <class T>
Tensor<T> flipped(const Tensor<T>& images) {
  Tensor<T> result = images;
  for (std::size_t n = 0; n < images.shape[0]; ++n)
    for (std::size_t row = 0; row < 2; ++row)
      for (std::size_t column = 0; column < 3; ++column)
        result(n, 3 * row + column) = images(n, 3 * row + 2 - column);
  return result;
}

template <bool flips_training_images>
constexpr auto predicts_the_same = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  const Tensor<T>&points = at["images"], &queries = at["queries"];
  Truth same = Truth::yes;
  for (const char* const k : {"1", "3"}) {
    const Tensor<T> before = predictions(subject, points, at.labels("labels"), queries, k, "l1");
    const Tensor<T> after = predictions(subject, flips_training_images ? flipped(points) : points,
                                        at.labels("labels"), flipped(queries), k, "l1");
    for (std::size_t q = 0; q < before.size(); ++q) same = same && equal(before[q], after[q]);
  }
  return same;
};

/// Which labels come out depends on the distances alone, each of which has the same six terms.
ProofOutcome same_terms() {
  const auto row = []<class T>(const std::vector<T>& v) {
    return T(v[0] + v[1] + v[2] + v[3] + v[4] + v[5]);
  };
  const auto turned = []<class T>(const std::vector<T>& v) {
    return T(v[2] + v[1] + v[0] + v[5] + v[4] + v[3]);
  };
  return together({{"each distance has the same terms in another order", identity(6, row, turned)}});
}

Space images(double step) {
  return {.variables = {fractions("images", 0, 1, step, {"M", "6"}), labels("labels", {"M"}, "2"),
                        fractions("queries", 0, 1, step, {"Q", "6"})},
          .whole_numbers = {{"M", {3, 6}}, {"Q", {1, 3}}},
          .text = "images of 2x3 pixels, k = 1 and 3"};
}

/// Two images at exactly the same distance from a black one: 1/10 + 1/5 + 3/10 in two orders, which floats
/// round differently.
Case a_tie_in_the_reals() {
  Case result =
      instance({{"images", Tensor<double>({3, 6}, {0.1, 0.2, 0.3, 0, 0, 0, 0.3, 0.2, 0.1, 0, 0, 0,  //
                                                   1, 1, 1, 1, 1, 1})},
                {"queries", Tensor<double>({1, 6}, {0, 0, 0, 0, 0, 0})}},
               "images 0.1 0.2 0.3 and 0.3 0.2 0.1 and a black query");
  result.inputs["labels"] = IndexTensor({3}, {0, 1, 0});
  result.extents = {{"M", 3}, {"Q", 1}};
  return result;
}

Case an_image_and_its_mirror() {
  Case result = instance({{"images", Tensor<double>({3, 6}, {1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1,  //
                                                             1, 1, 1, 1, 1, 1})},
                          {"queries", Tensor<double>({1, 6}, {1, 0, 0, 1, 0, 0})}},
                         "a picture of one class whose mirror image belongs to the other");
  result.inputs["labels"] = IndexTensor({3}, {0, 1, 0});
  result.extents = {{"M", 3}, {"Q", 1}};
  return result;
}

Question flipping_all_changes_nothing() {
  return {
      .statement =
          "Flipping every training and every test image horizontally changes no prediction of nearest "
          "neighbours with L1 distances.",
      .test = ForAll{.space = images(0.25),
                     .holds = on_fractions(predicts_the_same<true>),
                     .pinned = {a_tie_in_the_reals()},
                     .proofs = {{"all images", same_terms}},
                     .cases = 300,
                     .in_floats = "sums in another order round differently, and break a tie the other way"},
      .because = "A distance is a sum over pixels, and a flip only reorders its terms."};
}

Question flipping_queries_changes_nothing() {
  return {.statement =
              "Flipping every test image horizontally, and no training image, changes no prediction of "
              "nearest neighbours with L1 distances.",
          .test = ForAll{.space = images(0.25),
                         .holds = on_fractions(predicts_the_same<false>),
                         .pinned = {an_image_and_its_mirror()},
                         .cases = 300}};
}

// ---- Larger k -------------------------------------------------------------------------------------------

/// Right predictions on the queries.
template <class T>
T hits(const Point<T>& at, const Subject<T>& subject, const char* k) {
  const Tensor<T> found = predictions(subject, at["points"], at.labels("labels"), at["queries"], k, "l2");
  T count = T(0);
  for (std::size_t q = 0; q < found.size(); ++q)
    count += oracles::select(equal(found[q], T(static_cast<int>(at.labels("truth")[q]))), T(1), T(0));
  return count;
}

Space on_a_line() {
  return {.variables = {fractions("points", -4, 4, 0.5, {"M", "1"}), labels("labels", {"M"}, "2"),
                        fractions("queries", -4, 4, 0.5, {"Q", "1"}), labels("truth", {"Q"}, "2")},
          .whole_numbers = {{"M", {3, 6}}, {"Q", {1, 3}}},
          .text = "points on a line, two classes, k = 1 and 3"};
}

Case one_against_two() {
  Case result =
      instance({{"points", Tensor<double>({3, 1}, {0, 1, 2})}, {"queries", Tensor<double>({1, 1}, {0})}},
               "training points 0, 1, 2 of classes A, B, B, and a test point at 0 of class A: right with "
               "k = 1, wrong with k = 3");
  result.inputs["labels"] = IndexTensor({3}, {0, 1, 1});
  result.inputs["truth"] = IndexTensor({1}, {0});
  result.extents = {{"M", 3}, {"Q", 1}};
  return result;
}

/// Even the weaker claim, that it never lowers the accuracy, fails.
Question larger_k_never_hurts() {
  return {.statement = "A larger k in k-nearest neighbours always raises the accuracy on the test set.",
          .test = ForAll{.space = on_a_line(),
                         .holds = on_fractions_only(
                             []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                               return less_equal(hits(at, subject, "1"), hits(at, subject, "3"));
                             }),
                         .pinned = {one_against_two()},
                         .cases = 400},
          .because = "With k equal to the number of training points everything gets the commonest label."};
}

Question larger_k_can_hurt() {
  return {.statement = "There is a test set on which k = 3 does worse than k = 1.",
          .test = Exists{
              .space = on_a_line(),
              .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                return less(hits(at, subject, "3"), hits(at, subject, "1"));
              }),
              .pinned = {one_against_two()},
              .cases = 400}};
}

// ---- Linear? --------------------------------------------------------------------------------------------

/// A hyperplane cuts space into two convex parts: whatever lies half-way between two points of one label has
/// that label.
template <char k>
constexpr auto regions_are_convex = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  const Tensor<T>& ends = at["ends"];
  const std::size_t d = ends.shape[1];
  Tensor<T> queries({3, d});
  for (std::size_t i = 0; i < d; ++i) {
    queries(0, i) = ends(0, i);
    queries(1, i) = ends(1, i);
    queries(2, i) = (ends(0, i) + ends(1, i)) / T(2);
  }
  const char neighbours[] = {k, '\0'};
  const Tensor<T> found = predictions(subject, at["points"], at.labels("labels"), queries, neighbours, "l2");
  return !equal(found[0], found[1]) || equal(found[2], found[0]);
};

Space in_the_plane(fixtures::Dimension points) {
  return {.variables = {fractions("points", -4, 4, 0.5, {"M", "D"}), labels("labels", {"M"}, "2"),
                        fractions("ends", -4, 4, 0.5, {"2", "D"})},
          .whole_numbers = {{"M", points}, {"D", {1, 2}}},
          .text = "two classes on a line or in the plane"};
}

/// Groups of `size` points around -4, 0 and 4, of classes A, B and A.
Case three_groups(std::size_t size, std::string note) {
  Tensor<double> points({3 * size, 1});
  IndexTensor classes({3 * size});
  for (std::size_t i = 0; i < 3 * size; ++i) {
    points[i] = 4 * (static_cast<double>(i / size) - 1);
    classes[i] = i / size == 1 ? 1 : 0;
  }
  Case result =
      instance({{"points", std::move(points)}, {"ends", Tensor<double>({2, 1}, {-4, 4})}}, std::move(note));
  result.inputs["labels"] = std::move(classes);
  result.extents = {{"M", 3 * size}, {"D", 1}};
  return result;
}

Question one_neighbour_is_linear() {
  return {
      .statement = "The nearest-neighbour rule (k = 1) is a linear classifier.",
      .test = ForAll{.space = in_the_plane({2, 6}),
                     .holds = on_fractions_only(regions_are_convex<'1'>),
                     .pinned = {three_groups(1,
                                             "training points -4, 0, 4 of classes A, B, A: -4 and 4 are A, "
                                             "and 0 between them is B")}},
      .because = "The boundary follows the training points, wherever they lie."};
}

Question five_neighbours_are_linear() {
  return {
      .statement = "The rule of 5 nearest neighbours is a linear classifier.",
      .test =
          ForAll{.space = in_the_plane({5, 15}),
                 .holds = on_fractions_only(regions_are_convex<'5'>),
                 .pinned = {three_groups(5,
                                         "five training points each at -4, 0, 4 of classes A, B, A: -4 and "
                                         "4 are A, and 0 between them is B")}},
      .because = "The boundary follows the training points, wherever they lie."};
}

/// |q - a|^2 - |q - b|^2 is linear in q: half-way between two queries it is the mean of theirs.
ProofOutcome difference_is_linear() {
  const auto difference = []<class T>(const T& q, const T& r, const std::vector<T>& v) {
    const T a = q - v[0], b = r - v[1], c = q - v[2], d = r - v[3];
    return T(a * a + b * b - c * c - d * d);
  };
  const auto middle = [difference]<class T>(const std::vector<T>& v) {
    return difference(T((v[4] + v[6]) / T(2)), T((v[5] + v[7]) / T(2)), v);
  };
  const auto mean = [difference]<class T>(const std::vector<T>& v) {
    return T((difference(v[4], v[5], v) + difference(v[6], v[7], v)) / T(2));
  };
  return identity(8, middle, mean);
}

Question one_neighbour_of_two_is_linear() {
  return {.statement = "With two training points, the nearest-neighbour rule (k = 1) is a linear classifier.",
          .test = ForAll{.space = in_the_plane({2, 2}),
                         .holds = on_fractions_only(regions_are_convex<'1'>),
                         .proofs = {{"two points in the plane", difference_is_linear}}}};
}

Question five_neighbours_of_five_are_linear() {
  return {.statement =
              "With five training points, the rule of 5 nearest neighbours has convex regions: one label "
              "everywhere.",
          .test = ForAll{.space = in_the_plane({5, 5}), .holds = on_fractions_only(regions_are_convex<'5'>)}};
}

}  // namespace

std::vector<Claim> neighbours() {
  return {
      {.id = "cs230-2021.mc.c.iv",
       .quantifier = Quantifier::universal,
       .source = "CS230 midterm, spring 2021, multiple choice (c)(iv)",
       .question = flipping_all_changes_nothing(),
       .foil = flipping_queries_changes_nothing()},
      {.id = "eecs498-2019.tf.1.1",
       .quantifier = Quantifier::universal,
       .source = "EECS 498 midterm, fall 2019, true/false 1.1",
       .question = larger_k_never_hurts(),
       .foil = larger_k_can_hurt()},
      {.id = "eecs498-2019.mc.2.1.A",
       .quantifier = Quantifier::universal,
       .source = "EECS 498 midterm, fall 2019, multiple choice 2.1 A",
       .question = one_neighbour_is_linear(),
       .foil = one_neighbour_of_two_is_linear()},
      {.id = "eecs498-2019.mc.2.1.B",
       .quantifier = Quantifier::universal,
       .source = "EECS 498 midterm, fall 2019, multiple choice 2.1 B",
       .question = five_neighbours_are_linear(),
       .foil = five_neighbours_of_five_are_linear()},
  };
}

}  // namespace assay::properties::topics
