#include "assay/driver.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

namespace {

using assay::wire::Reader;
using assay::wire::Type;
using assay::wire::Writer;
using Bytes = std::vector<unsigned char>;

/// Appends one value of doubles.
void put(Writer& writer, std::vector<std::size_t> shape, const std::vector<double>& numbers) {
  writer.begin_value(Type::float64, shape.data(), shape.size());
  writer.append(numbers.data(), numbers.size() * sizeof(double));
}

void put_labels(Writer& writer, std::vector<std::size_t> shape, const std::vector<std::int64_t>& numbers) {
  writer.begin_value(Type::int64, shape.data(), shape.size());
  writer.append(numbers.data(), numbers.size() * sizeof(std::int64_t));
}

template <class Function>
Writer call(Function* function, const Bytes& payload) {
  const auto exported = assay::function("f", function);
  Reader reader(payload.data(), payload.size());
  Writer writer;
  exported.call(exported.address, reader, writer);
  return writer;
}

/// The doubles of every value in a payload, values separated by NaN-free shapes: (shape, numbers) pairs.
std::vector<std::pair<std::vector<std::size_t>, std::vector<double>>> values_of(const Writer& writer) {
  std::vector<std::pair<std::vector<std::size_t>, std::vector<double>>> values;
  Reader reader(writer.payload().data(), writer.payload().size());
  while (reader.ok() && reader.left() > 0) {
    const auto head = reader.begin_value();
    std::vector<double> numbers(head.count);
    for (double& number : numbers) {
      if (head.type == Type::float64)
        number = reader.raw<double>();
      else if (head.type == Type::float32)
        number = static_cast<double>(reader.raw<float>());
      else
        number = static_cast<double>(reader.raw<std::int64_t>());
    }
    values.push_back({{head.extents, head.extents + head.rank}, numbers});
  }
  EXPECT_TRUE(reader.at_end());
  return values;
}

using Shape = std::vector<std::size_t>;
using Numbers = std::vector<double>;

double weighted(const assay::Matrix& m, const std::vector<double>& v, double scale,
                const std::vector<int>& picks) {
  double sum = 0;
  for (std::size_t i = 0; i < m.rows; ++i) sum += scale * m(i, static_cast<std::size_t>(picks[i])) * v[i];
  return sum;
}

TEST(Driver, PassesNumbersVectorsMatricesAndLabels) {
  Writer request;
  put(request, {2, 2}, {1, 2, 3, 4});
  put(request, {2}, {10, 100});
  put(request, {}, {0.5});
  put_labels(request, {2}, {1, 0});
  const auto values = values_of(call(weighted, request.payload()));
  ASSERT_EQ(values.size(), 1u);
  EXPECT_EQ(values[0].first, Shape{});
  EXPECT_EQ(values[0].second, Numbers{0.5 * 2 * 10 + 0.5 * 3 * 100});
}

void overwrite(const std::vector<double>& in, assay::Matrix& out, std::vector<double>& doubled) {
  out(0, 0) += 1;
  for (std::size_t i = 0; i < in.size(); ++i) doubled[i] = 2 * in[i];
}

TEST(Driver, SendsReferenceParametersInAndBack) {
  Writer request;
  put(request, {2}, {1, 2});
  put(request, {1, 1}, {41});
  put(request, {2}, {7, 7});
  const auto values = values_of(call(overwrite, request.payload()));
  ASSERT_EQ(values.size(), 2u) << "const parameters do not come back";
  EXPECT_EQ(values[0], (std::pair{Shape{1, 1}, Numbers{42}}));
  EXPECT_EQ(values[1], (std::pair{Shape{2}, Numbers{2, 4}}));
}

std::pair<double, std::vector<float>> halves(std::span<const double> in, std::span<double> inout,
                                             float factor) {
  for (double& x : inout) x /= 2;
  return {in[0], {factor * 0.5f}};
}

TEST(Driver, TravelsSpansFloatsAndPairs) {
  Writer request;
  put(request, {1}, {3});
  put(request, {2}, {4, 6});
  put(request, {}, {0.25});
  const auto values = values_of(call(halves, request.payload()));
  ASSERT_EQ(values.size(), 3u);
  EXPECT_EQ(values[0].second, Numbers{3});
  EXPECT_EQ(values[1].second, Numbers{0.125});
  EXPECT_EQ(values[2].second, (Numbers{2, 3}));
}

std::vector<std::vector<double>> transpose(const std::vector<std::vector<double>>& rows) {
  std::vector<std::vector<double>> result(rows[0].size(), std::vector<double>(rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < rows[i].size(); ++j) result[j][i] = rows[i][j];
  return result;
}

assay::Tensor plus_one(assay::Tensor x) {
  for (double& value : x.data) value += 1;
  return x;
}

TEST(Driver, TravelsNestedVectorsAndTensorsOfAnyRank) {
  Writer matrix;
  put(matrix, {2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(values_of(call(transpose, matrix.payload()))[0],
            (std::pair{Shape{3, 2}, Numbers{1, 4, 2, 5, 3, 6}}));
  Writer tensor;
  put(tensor, {1, 2, 1, 2}, {0, 1, 2, 3});
  EXPECT_EQ(values_of(call(plus_one, tensor.payload()))[0],
            (std::pair{Shape{1, 2, 1, 2}, Numbers{1, 2, 3, 4}}));
}

double same(double x) {
  return x;
}

TEST(Driver, KeepsEveryBitOfSpecialNumbers) {
  for (const double x :
       {-0.0, 5e-324, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::max()}) {
    Writer request;
    put(request, {}, {x});
    const double back = values_of(call(same, request.payload()))[0].second[0];
    EXPECT_EQ(std::bit_cast<std::uint64_t>(back), std::bit_cast<std::uint64_t>(x));
  }
}

TEST(Driver, RefusesArgumentsOfAnotherNumberRankOrType) {
  Writer two;
  put(two, {}, {1});
  put(two, {}, {2});
  EXPECT_THROW((void)call(same, two.payload()), assay::detail::Mismatch);
  Writer vector;
  put(vector, {1}, {1});
  EXPECT_THROW((void)call(same, vector.payload()), assay::detail::Mismatch);
  Writer label;
  put_labels(label, {}, {1});
  EXPECT_THROW((void)call(same, label.payload()), assay::detail::Mismatch);
}

TEST(Wire, ReadsNoByteBeyondAPayloadWhateverItHolds) {
  std::mt19937 random(1);
  std::size_t refused = 0;
  for (int round = 0; round < 20000; ++round) {
    Bytes payload(random() % 64);
    for (auto& byte : payload) byte = static_cast<unsigned char>(random() % (round % 2 ? 256 : 4));
    Reader reader(payload.data(), payload.size());
    while (reader.ok() && reader.left() > 0) {
      const auto head = reader.begin_value();
      ASSERT_LE(head.count * assay::wire::element_size(head.type), payload.size());
      Bytes elements(head.count * assay::wire::element_size(head.type));
      reader.take(elements.data(), elements.size());
    }
    refused += !reader.ok();
  }
  EXPECT_GT(refused, 10000u);
}

TEST(Wire, RefusesExtentsWhoseProductWrapsAround) {
  Writer writer;
  const std::size_t extents[2] = {std::size_t{1} << 62, 4};
  writer.begin_value(Type::float64, extents, 2);
  Reader reader(writer.payload().data(), writer.payload().size());
  EXPECT_EQ(reader.begin_value().count, 0u);
  EXPECT_FALSE(reader.ok());
}

TEST(Wire, ChecksumsAsCastagnoliDid) {
  // The check value of CRC-32C: the checksum of the nine digits (RFC 3720, B.4 gives others of the same
  // kind).
  const Bytes digits{'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  EXPECT_EQ(assay::wire::checksum(digits.data(), digits.size()), 0xe3069283u);
}

}  // namespace
