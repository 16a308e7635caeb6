/// Word vectors that start out equal: gradient descent on the simplified GloVe loss never leaves their line.
///
///   J(W) = sum_ij (w_i . w_j - a_ij)^2,  a_ij = log x_ij          dJ/dW = 2 (E + E^T) W,  E = W W^T - A
#include <span>

#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

template <class T>
Tensor<T> transposed(const Tensor<T>& a) {
  Tensor<T> result(Shape{a.shape[1], a.shape[0]});
  for (std::size_t i = 0; i < a.shape[0]; ++i)
    for (std::size_t j = 0; j < a.shape[1]; ++j) result(j, i) = a(i, j);
  return result;
}

/// One step of gradient descent on J, put together from the catalogue's matrix product.
template <class T>
void descend(Tensor<T>& words, const Tensor<T>& logs, const Subject<T>& subject, const T& rate) {
  const Tensor<T> contexts = transposed(words);
  Tensor<T> error = subject.value("matmul", {words, contexts});
  for (std::size_t i = 0; i < error.size(); ++i) error[i] = T(2) * (error[i] - logs[i]);
  const Tensors<T> back = subject.gradients("matmul", {words, contexts}, error);
  for (std::size_t i = 0; i < words.shape[0]; ++i)
    for (std::size_t k = 0; k < words.shape[1]; ++k) words(i, k) -= rate * (back[0](i, k) + back[1](k, i));
}

/// V copies of c.
template <class T>
Tensor<T> copies(const Tensor<T>& c, std::size_t words) {
  Tensor<T> result(Shape{words, c.size()});
  for (std::size_t i = 0; i < words; ++i)
    for (std::size_t k = 0; k < c.size(); ++k) result(i, k) = c[k];
  return result;
}

template <class T>
T rate() {
  return T(1) / T(32);
}

// ---- On a line ------------------------------------------------------------------------------------------

/// Whether every row is a multiple of c.
template <class T>
Truth on_the_line(const Tensor<T>& words, const Tensor<T>& c) {
  Truth all = Truth::yes;
  for (std::size_t i = 0; i < words.shape[0]; ++i)
    for (std::size_t k = 1; k < c.size(); ++k)
      for (std::size_t l = 0; l < k; ++l) all = all && equal(T(words(i, k) * c[l]), T(words(i, l) * c[k]));
  return all;
}

/// At the start all rows are c; the first is `off` by so much in its first number.
template <class T>
Truth stays_on_the_line(const Point<T>& at, const Subject<T>& subject, const T& off) {
  const Tensor<T>& c = at["c"];
  Tensor<T> words = copies(c, at["A"].shape[0]);
  words(0, 0) += off;
  Truth all = Truth::yes;
  for (int step = 0; step < 3; ++step) {
    descend(words, at["A"], subject, rate<T>());
    all = all && on_the_line(words, c);
  }
  return all;
}

Space word_models() {
  return {.variables = {fractions("c", -1, 1, 0.25, {"D"}), fractions("A", -2, 3, 0.5, {"V", "V"})},
          .whole_numbers = {{"V", {2, 4}}, {"D", {2, 3}}},
          .text = "2 to 4 words, vectors of 2 or 3 numbers, any logarithms of counts, three steps"};
}

/// Number k of the first of two words after a step: v is (a1, a2, rate, A11, A12 + A21, c...), word i being
/// a_i c. As the gradient has it, entry by entry.
template <class T>
T first_word_after_a_step(const std::vector<T>& v, std::size_t k) {
  const std::span<const T> c = std::span(v).subspan(5);
  T norm = T(0), mixed = T(0);
  for (const T& number : c) {
    norm = norm + v[0] * number * (v[0] * number);
    mixed = mixed + v[0] * number * (v[1] * number);
  }
  const T own = T(2) * (norm - v[3]), other = T(2) * mixed - v[4];
  return T(v[0] * c[k] - T(2) * v[2] * (own * (v[0] * c[k]) + other * (v[1] * c[k])));
}
/// Its multiple of c, for a c of squared length `square`.
template <class T>
T first_multiple_after_a_step(const std::vector<T>& v, const T& square) {
  const T own = T(2) * (v[0] * v[0] * square - v[3]), other = T(2) * v[0] * v[1] * square - v[4];
  return T(v[0] - T(2) * v[2] * (own * v[0] + other * v[1]));
}

constexpr const char* by_induction =
    "two words, vectors of two numbers, any counts, rate and number of steps";

ProofOutcome a_step_stays_on_the_line() {
  const auto crossed = []<class T>(const std::vector<T>& v) {
    return T(first_word_after_a_step(v, 0) * v[6] - first_word_after_a_step(v, 1) * v[5]);
  };
  const auto zero = []<class T>(const std::vector<T>&) { return T(0); };
  return together({{"a step from multiples of c leads to multiples of c", identity(7, crossed, zero)}});
}

Question equal_starts_stay_on_a_line() {
  return {
      .statement =
          "Word vectors that start equal to c stay multiples of c through every step on the "
          "simplified GloVe loss.",
      .test =
          ForAll{.space = word_models(),
                 .holds = on_fractions([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                   return stays_on_the_line(at, subject, T(0));
                 }),
                 .pinned = {instance({{"c", vector_of<double>({0.1, -0.7, 0.3})},
                                      {"A", Tensor<double>({2, 2}, {0, 1, 3, -1})}})},
                 .proofs = {{by_induction, a_step_stays_on_the_line}},
                 .cases = 200,
                 .in_floats = "each number of a row is rounded on its own, and the rows leave the line"},
      .because = "The gradient is a matrix times W: each row of it is a mixture of the rows of W."};
}

Question unequal_starts_stay_on_a_line() {
  return {.statement =
              "Word vectors of which all but one start equal to c stay multiples of c through every step.",
          .test = ForAll{
              .space = word_models(),
              .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                return stays_on_the_line(at, subject, T(1));
              }),
              .cases = 200}};
}

// ---- One number a word ----------------------------------------------------------------------------------

/// c = t (p^2 - q^2, 2 p q) has the length |t| (p^2 + q^2): a fraction. A model with that single number for
/// each word is trained beside it; `longer` is what its numbers are too large by.
template <class T>
Truth equals_one_number(const Point<T>& at, const Subject<T>& subject, const T& longer) {
  const T p = at("p"), q = at("q"), t = at("t");
  const std::size_t count = at["A"].shape[0];
  Tensor<T> words = copies(vector_of<T>({T(t * (p * p - q * q)), T(T(2) * t * p * q)}), count);
  Tensor<T> numbers = copies(vector_of<T>({T(t * (p * p + q * q) + longer)}), count);
  Truth all = Truth::yes;
  for (int step = 0; step < 3; ++step) {
    descend(words, at["A"], subject, rate<T>());
    descend(numbers, at["A"], subject, rate<T>());
    const Tensor<T> products = subject.value("matmul", {words, transposed(words)});
    const Tensor<T> small = subject.value("matmul", {numbers, transposed(numbers)});
    for (std::size_t i = 0; i < products.size(); ++i) all = all && equal(products[i], small[i]);
  }
  return all;
}

/// In both models the multiples of c move alike: their step knows c by its length only.
ProofOutcome both_models_move_alike() {
  const auto word = []<class T>(const std::vector<T>& v) { return first_word_after_a_step(v, 0); };
  const auto on_c = []<class T>(const std::vector<T>& v) {
    return T(first_multiple_after_a_step(v, T(v[5] * v[5] + v[6] * v[6])) * v[5]);
  };
  const auto number = []<class T>(const std::vector<T>& v) { return first_word_after_a_step(v, 0); };
  const auto on_length = []<class T>(const std::vector<T>& v) {
    return T(first_multiple_after_a_step(v, T(v[5] * v[5])) * v[5]);
  };
  return together({{"a step moves the multiples of c by c.c alone", identity(7, word, on_c)},
                   {"and alike in the model with one number", identity(6, number, on_length)}});
}

Space models_of_rational_length() {
  return {.variables = {fractions("p", -1, 1, 0.5), fractions("q", -1, 1, 0.5), fractions("t", 0.5, 1, 0.5),
                        fractions("A", -2, 3, 0.5, {"V", "V"})},
          .whole_numbers = {{"V", {2, 3}}},
          .text = "2 or 3 words, all starting at c = t (p^2 - q^2, 2pq), whose length is a fraction"};
}

Question equal_starts_are_one_dimensional() {
  return {
      .statement =
          "Word vectors that all start at c make the same model as single numbers that all start "
          "at the length of c.",
      .test = ForAll{.space = models_of_rational_length(),
                     .holds = on_fractions_only(
                         []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                           return equals_one_number(at, subject, T(0));
                         }),
                     .proofs = {{by_induction, both_models_move_alike}},
                     .cases = 150},
      .because = "Only the inner products enter the loss, and on one line they are products of two numbers."};
}

Question another_length_will_do() {
  return {.statement =
              "Word vectors that all start at c make the same model as single numbers that all start "
              "at the length of c and 1 more.",
          .test = ForAll{
              .space = models_of_rational_length(),
              .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                return equals_one_number(at, subject, T(1));
              }),
              .cases = 150}};
}

// ---- The first step -------------------------------------------------------------------------------------

/// Whether all rows are equal after one step from equal rows.
constexpr auto first_updates_agree = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  Tensor<T> words = copies(at["c"], at["A"].shape[0]);
  descend(words, at["A"], subject, rate<T>());
  Truth all = Truth::yes;
  for (std::size_t i = 1; i < words.shape[0]; ++i)
    for (std::size_t k = 0; k < words.shape[1]; ++k) all = all && equal(words(i, k), words(0, k));
  return all;
};

/// Every row of A becomes the first one, moved on by one place: all rows and columns have the same sum.
bool equalise_sums(Case& drawn) {
  auto& logs = std::get<Tensor<double>>(drawn.inputs.at("A"));
  const std::size_t n = logs.shape[0];
  for (std::size_t i = 1; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) logs(i, (i + j) % n) = logs(0, j);
  return true;
}

Question first_updates_are_equal() {
  return {
      .statement = "From equal word vectors, every word gets the same update in the first step.",
      .test =
          ForAll{.space = word_models(),
                 .holds = on_fractions_only(first_updates_agree),
                 .pinned = {instance(
                     {{"c", vector_of<double>({1, 0})}, {"A", Tensor<double>({2, 2}, {0, 0, 0, 1})}},
                     "c = (1, 0) and the log counts [[0, 0], [0, 1]]: the gradients are 8c and 4c")},
                 .assumptions = {{"equal_sums", "every word has the same sum of log counts", equalise_sums}},
                 .cases = 200},
      .because =
          "Row i of the gradient is c times 4 n c.c less twice the log counts of word i, which differ "
          "from word to word."};
}

Question first_updates_have_one_direction() {
  return {.statement = "From equal word vectors, every update of the first step is a multiple of c.",
          .test = ForAll{
              .space = word_models(),
              .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                Tensor<T> words = copies(at["c"], at["A"].shape[0]);
                descend(words, at["A"], subject, rate<T>());
                return on_the_line(words, at["c"]);
              }),
              .proofs = {{by_induction, a_step_stays_on_the_line}},
              .cases = 200}};
}

}  // namespace

std::vector<Claim> embeddings() {
  return {
      // The key says that W stays of rank 1.
      {.id = "csc413-2020.9.rowspace",
       .quantifier = Quantifier::universal,
       .published = "true",
       .source = "CSC413 midterm, winter 2020, question 9",
       .question = equal_starts_stay_on_a_line(),
       .foil = unequal_starts_stay_on_a_line()},
      // The key: equivalent to an embedding size of 1.
      {.id = "csc413-2020.9.collinear",
       .quantifier = Quantifier::universal,
       .published = "true",
       .source = "CSC413 midterm, winter 2020, question 9",
       .question = equal_starts_are_one_dimensional(),
       .foil = another_length_will_do()},
      // The marking notes call it a common mistake, "true only on the first batch of the first iteration".
      {.id = "csc413-2020.9.marking-note",
       .quantifier = Quantifier::universal,
       .published = "true",
       .source = "CSC413 midterm, winter 2020, question 9, marking notes",
       .question = first_updates_are_equal(),
       .foil = first_updates_have_one_direction()},
  };
}

}  // namespace assay::properties::topics
