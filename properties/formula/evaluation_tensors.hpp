/// Vectors and matrices. Internal.
#pragma once

#include "properties/formula/evaluation.hpp"

namespace assay::properties::formula {

template <class T>
template <class F>
Item<T> Evaluation<T>::mapped(const Item<T>& a, F each) {
  if (!a.is_tensor()) return {each(a.number())};
  Item<T> result = a;
  for (T& x : result.tensor().data) x = each(x);
  return result;
}

/// each(x, y) for all pairs of elements; a number meets every element.
template <class T>
template <class F>
Item<T> Evaluation<T>::combined(const Item<T>& a, const Item<T>& b, std::size_t offset, F each) {
  if (!a.is_tensor() && !b.is_tensor()) return {each(a.number(), b.number())};
  if (!a.is_tensor()) {
    const T x = a.number();
    return mapped(b, [&](const T& y) { return each(x, y); });
  }
  if (!b.is_tensor()) {
    const T y = b.number();
    return mapped(a, [&](const T& x) { return each(x, y); });
  }
  if (a.tensor().shape != b.tensor().shape || a.row != b.row)
    mismatch(offset, a.shape_text() + " meets " + b.shape_text());
  Item<T> result = a;
  for (std::size_t i = 0; i < b.tensor().size(); ++i) result.tensor()[i] = each(a.tensor()[i], b.tensor()[i]);
  return result;
}

template <class T>
Item<T> Evaluation<T>::added(const Item<T>& a, const Item<T>& b, std::size_t offset) {
  std::int64_t exact = 0;
  if (a.is_whole() && b.is_whole() && !__builtin_add_overflow(a.whole(), b.whole(), &exact)) return {exact};
  return combined(a, b, offset, [&](const T& x, const T& y) { return arithmetic_.plus(x, y, offset); });
}

template <class T>
Item<T> Evaluation<T>::subtracted(const Item<T>& a, const Item<T>& b, std::size_t offset) {
  std::int64_t exact = 0;
  if (a.is_whole() && b.is_whole() && !__builtin_sub_overflow(a.whole(), b.whole(), &exact)) return {exact};
  return combined(a, b, offset, [&](const T& x, const T& y) { return arithmetic_.minus(x, y, offset); });
}

template <class T>
Item<T> Evaluation<T>::multiplied(const Item<T>& a, const Item<T>& b, std::size_t offset) {
  std::int64_t exact = 0;
  if (a.is_whole() && b.is_whole() && !__builtin_mul_overflow(a.whole(), b.whole(), &exact)) return {exact};
  if (a.is_tensor() && b.is_tensor()) return product(a, b, offset);
  return elementwise(a, b, offset);
}

template <class T>
Item<T> Evaluation<T>::divided(const Item<T>& a, const Item<T>& b, std::size_t offset) {
  if (a.is_whole() && b.is_whole() && b.whole() != 0 && b.whole() != -1 && a.whole() % b.whole() == 0)
    return {a.whole() / b.whole()};
  if (b.is_tensor()) mismatch(offset, "division by " + b.shape_text() + "; only numbers divide");
  return combined(a, b, offset, [&](const T& x, const T& y) { return arithmetic_.over(x, y, offset); });
}

template <class T>
Item<T> Evaluation<T>::elementwise(const Item<T>& a, const Item<T>& b, std::size_t offset) {
  return combined(a, b, offset, [&](const T& x, const T& y) { return arithmetic_.times(x, y, offset); });
}

/// Matrix products. A vector is a column, its transpose a row; two columns have no product.
template <class T>
Item<T> Evaluation<T>::product(const Item<T>& a, const Item<T>& b, std::size_t offset) {
  const Tensor<T>&left = a.tensor(), &right = b.tensor();
  if (left.rank() > 2 || right.rank() > 2) mismatch(offset, "a product of tensors of more than two axes");
  const bool column = left.rank() == 1 && !a.row;
  if (column && b.row) return outer(left, right, offset);
  if (column || b.row)
    mismatch(offset, a.shape_text() + " times " + b.shape_text() +
                         "; write a^T b for a number, a b^T for a matrix, a .* b for elementwise");
  // Now both are matrices, but for a row on the left or a column on the right.
  const std::size_t inner = left.shape.back(), rows = a.row ? 1 : left.shape[0];
  const std::size_t columns = right.rank() == 1 ? 1 : right.shape[1];
  if (inner != right.shape[0]) mismatch(offset, a.shape_text() + " times " + b.shape_text());
  arithmetic_.take(oracles::checked_product({rows, columns}), offset);
  Tensor<T> result(Shape{rows, columns});
  std::vector<T> row(inner), line(inner);
  for (std::size_t j = 0; j < columns; ++j) {
    for (std::size_t k = 0; k < inner; ++k) line[k] = right[k * columns + j];
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t k = 0; k < inner; ++k) row[k] = left[i * inner + k];
      result(i, j) = arithmetic_.dot(row, line, offset);
    }
  }
  if (a.row && right.rank() == 1) return {result[0]};
  if (a.row || right.rank() == 1) result.shape = {a.row ? columns : rows};
  return {std::move(result), a.row};
}

template <class T>
Item<T> Evaluation<T>::outer(const Tensor<T>& a, const Tensor<T>& b, std::size_t offset) {
  arithmetic_.take(oracles::checked_product({a.size(), b.size()}), offset);
  Tensor<T> result(Shape{a.size(), b.size()});
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < b.size(); ++j) result(i, j) = arithmetic_.times(a[i], b[j], offset);
  return {std::move(result)};
}

template <class T>
Item<T> Evaluation<T>::transposed(const Item<T>& a, std::size_t offset) {
  Item<T> result = a;
  if (a.rank() == 1) result.row = !a.row;
  if (a.rank() > 2) mismatch(offset, "a transpose of " + a.shape_text());
  if (a.rank() != 2) return result;
  const Tensor<T>& from = a.tensor();
  result.tensor().shape = {from.shape[1], from.shape[0]};
  for (std::size_t i = 0; i < from.shape[0]; ++i)
    for (std::size_t j = 0; j < from.shape[1]; ++j) result.tensor()(j, i) = from(i, j);
  return result;
}

/// [a, b, c] of numbers, or of vectors of one length: the rows of a matrix.
template <class T>
Item<T> Evaluation<T>::vector(const Node& node) {
  std::vector<T> data;
  Shape inside;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Item<T> element = child(node, i);
    const Tensor<T> tensor = element.as_tensor();
    if (i == 0) inside = tensor.shape;
    if (tensor.shape != inside)
      mismatch(node.offset, "the elements of a vector have different shapes: " + oracles::to_string(inside) +
                                " and " + oracles::to_string(tensor.shape));
    data.insert(data.end(), tensor.data.begin(), tensor.data.end());
  }
  inside.insert(inside.begin(), node.children.size());
  return {Tensor<T>(std::move(inside), std::move(data))};
}

template <class T>
Item<T> Evaluation<T>::larger(const Item<T>& a, const Item<T>& b, std::size_t offset) {
  if (a.is_whole() && b.is_whole()) return {std::max(a.whole(), b.whole())};
  arithmetic_.take(1, offset);
  return combined(a, b, offset, [](const T& x, const T& y) { return T(max(x, y)); });
}

template <class T>
Item<T> Evaluation<T>::smaller(const Item<T>& a, const Item<T>& b, std::size_t offset) {
  if (a.is_whole() && b.is_whole()) return {std::min(a.whole(), b.whole())};
  arithmetic_.take(1, offset);
  return combined(a, b, offset, [](const T& x, const T& y) { return T(min(x, y)); });
}

/// Of every pair of elements; "not equal" is the negation of "equal".
template <class T>
Truth Evaluation<T>::compared(Relation relation, const Item<T>& a, const Item<T>& b, std::size_t offset) {
  if (a.is_number() && b.is_number()) return arithmetic_.compare(relation, a.number(), b.number());
  if (relation == Relation::not_equal) return !compared(Relation::equal, a, b, offset);
  Truth all = Truth::yes;
  combined(a, b, offset, [&](const T& x, const T& y) {
    all = all && arithmetic_.compare(relation, x, y);
    return x;
  });
  return all;
}

template <class T>
Item<T> Evaluation<T>::selected(Truth condition, const Item<T>& a, const Item<T>& b, std::size_t offset) {
  if (std::holds_alternative<Truth>(a.held)) {
    // The value of an open case is certain only where all values agree.
    return {a.truth() == b.truth() ? a.truth() : Truth::unknown};
  }
  return combined(a, b, offset, [&](const T& x, const T& y) { return T(select(condition, x, y)); });
}

}  // namespace assay::properties::formula
