/// What an assignment's driver includes: exports plain C++ functions to the grader, one line each.
///
///   int main() {
///     return assay::serve({
///         assay::function("loss", loss),            // double loss(const assay::Matrix&, ...)
///         assay::function("gradients", gradients),  // void gradients(..., assay::Matrix& dW, ...)
///     });
///   }
///
/// How values travel follows from the function's type:
///   double, float, integers, bool             a number
///   std::vector, std::span of those           one axis
///   assay::Matrix, vector of vectors          two axes (a vector of vectors must not be ragged)
///   assay::Tensor                             any number of axes
///   T& or std::span<T> (not const)            goes in and comes back, after the return value
///   std::pair, std::tuple (returned)          several results
#pragma once

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <initializer_list>
#include <new>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "assay/tensor.hpp"
#include "assay/wire.hpp"
#ifdef ASSAY_TRIVIAL
#include "assay/trivial.hpp"
#endif

namespace assay {
namespace detail {

/// Raised inside the driver when a value does not fit a parameter.
struct Mismatch {};

template <class T>
inline constexpr bool is_number = std::is_arithmetic_v<T>;

template <class T>
constexpr wire::Type wire_type() {
  if constexpr (std::is_same_v<T, double>)
    return wire::Type::float64;
  else if constexpr (std::is_same_v<T, float>)
    return wire::Type::float32;
  else
    return wire::Type::int64;
}

/// One element, converted from the type on the wire.
template <class T>
T read_element(wire::Reader& reader, wire::Type type) {
  switch (type) {
    case wire::Type::float64:
      return static_cast<T>(reader.raw<double>());
    case wire::Type::float32:
      return static_cast<T>(reader.raw<float>());
    default:
      return static_cast<T>(reader.raw<std::int64_t>());
  }
}

template <class T>
void write_element(wire::Writer& writer, T value) {
  if constexpr (std::is_floating_point_v<T>)
    writer.raw(value);
  else
    writer.raw(static_cast<std::int64_t>(value));
}

template <class T>
wire::Reader::ValueHead expect(wire::Reader& reader, std::size_t rank) {
  const auto head = reader.begin_value();
  const bool floating = head.type != wire::Type::int64;
  if (!reader.ok() || head.rank != rank || floating != std::is_floating_point_v<T>) throw Mismatch{};
  return head;
}

/// How one C++ type travels: read(reader) and write(writer, value).
template <class T>
struct Codec;

template <class T>
requires is_number<T>
struct Codec<T> {
  static T read(wire::Reader& reader) { return read_element<T>(reader, expect<T>(reader, 0).type); }
  static void write(wire::Writer& writer, const T& value) {
    writer.begin_value(wire_type<T>(), nullptr, 0);
    write_element(writer, value);
  }
};

template <class T>
requires is_number<T>
struct Codec<std::vector<T>> {
  static std::vector<T> read(wire::Reader& reader) {
    const auto head = expect<T>(reader, 1);
    std::vector<T> values(head.count);
    for (std::size_t i = 0; i < head.count; ++i) values[i] = read_element<T>(reader, head.type);
    return values;
  }
  static void write(wire::Writer& writer, const std::vector<T>& values) {
    const std::size_t extent = values.size();
    writer.begin_value(wire_type<T>(), &extent, 1);
    for (const T value : values) write_element(writer, value);
  }
};

template <class T>
requires is_number<T>
struct Codec<std::vector<std::vector<T>>> {
  static std::vector<std::vector<T>> read(wire::Reader& reader) {
    const auto head = expect<T>(reader, 2);
    std::vector<std::vector<T>> rows(head.extents[0], std::vector<T>(head.extents[1]));
    for (auto& row : rows)
      for (std::size_t j = 0; j < row.size(); ++j) row[j] = read_element<T>(reader, head.type);
    return rows;
  }
  static void write(wire::Writer& writer, const std::vector<std::vector<T>>& rows) {
    const std::size_t extents[2] = {rows.size(), rows.empty() ? 0 : rows[0].size()};
    writer.begin_value(wire_type<T>(), extents, 2);
    for (const auto& row : rows) {
      if (row.size() != extents[1]) {
        std::fprintf(stderr, "assay: a returned vector of vectors has rows of different lengths\n");
        std::abort();
      }
      for (const T value : row) write_element(writer, value);
    }
  }
};

template <>
struct Codec<Matrix> {
  static Matrix read(wire::Reader& reader) {
    const auto head = expect<double>(reader, 2);
    Matrix matrix(head.extents[0], head.extents[1]);
    for (double& value : matrix.data) value = read_element<double>(reader, head.type);
    return matrix;
  }
  static void write(wire::Writer& writer, const Matrix& matrix) {
    if (matrix.data.size() != matrix.rows * matrix.cols) {
      std::fprintf(stderr, "assay: a Matrix of %zu x %zu holds %zu numbers\n", matrix.rows, matrix.cols,
                   matrix.data.size());
      std::abort();
    }
    const std::size_t extents[2] = {matrix.rows, matrix.cols};
    writer.begin_value(wire::Type::float64, extents, 2);
    writer.append(matrix.data.data(), matrix.data.size() * sizeof(double));
  }
};

template <>
struct Codec<Tensor> {
  static Tensor read(wire::Reader& reader) {
    const auto head = reader.begin_value();
    if (!reader.ok() || head.type == wire::Type::int64) throw Mismatch{};
    Tensor tensor(std::vector<std::size_t>(head.extents, head.extents + head.rank));
    for (double& value : tensor.data) value = read_element<double>(reader, head.type);
    return tensor;
  }
  static void write(wire::Writer& writer, const Tensor& tensor) {
    std::size_t count = 1;
    for (const std::size_t extent : tensor.shape) count *= extent;
    if (count != tensor.data.size() || tensor.shape.size() > wire::max_rank) {
      std::fprintf(stderr, "assay: a Tensor's data does not fit its shape\n");
      std::abort();
    }
    writer.begin_value(wire::Type::float64, tensor.shape.data(), tensor.shape.size());
    writer.append(tensor.data.data(), tensor.data.size() * sizeof(double));
  }
};

/// Several results: the members, in order.
template <class... T>
struct Codec<std::tuple<T...>> {
  static void write(wire::Writer& writer, const std::tuple<T...>& values) {
    std::apply(
        [&](const auto&... value) {
          (Codec<std::remove_cvref_t<decltype(value)>>::write(writer, value), ...);
        },
        values);
  }
};
template <class A, class B>
struct Codec<std::pair<A, B>> {
  static void write(wire::Writer& writer, const std::pair<A, B>& values) {
    Codec<A>::write(writer, values.first);
    Codec<B>::write(writer, values.second);
  }
};

/// What the driver keeps for a parameter of type P while the function runs.
template <class P>
struct Parameter {
  using Stored = std::remove_cvref_t<P>;
  static constexpr bool comes_back =
      std::is_lvalue_reference_v<P> && !std::is_const_v<std::remove_reference_t<P>>;
  static P pass(Stored& stored) { return static_cast<P>(stored); }
};
template <class T>
struct Parameter<std::span<T>> {
  using Stored = std::vector<std::remove_const_t<T>>;
  static constexpr bool comes_back = !std::is_const_v<T>;
  static std::span<T> pass(Stored& stored) { return stored; }
};

/// Where the grader asks for it, the stack below is filled, so that a variable that is read before it is written
/// has another value than in an ordinary run.
[[gnu::noinline]] inline void fill_stack() {
  static const char* const fill = std::getenv("ASSAY_FILL_STACK");
  if (fill == nullptr) return;
  unsigned char below[1 << 14];
  std::memset(below, std::atoi(fill), sizeof below);
  asm volatile("" : : "r"(below) : "memory");
}

template <class R, class... P, std::size_t... I>
void call(R (*function)(P...), wire::Reader& reader, wire::Writer& writer, std::index_sequence<I...>) {
  // Braces evaluate left to right: parameters are read in order.
  std::tuple<typename Parameter<P>::Stored...> stored{Codec<typename Parameter<P>::Stored>::read(reader)...};
  if (!reader.at_end()) throw Mismatch{};
#ifdef ASSAY_TRIVIAL
  (void)function;
  const auto output = [&]<class Q>(std::type_identity<Q>, auto& value) {
    if constexpr (Parameter<Q>::comes_back) trivial_output(value, stored);
  };
  (output(std::type_identity<P>{}, std::get<I>(stored)), ...);
  if constexpr (!std::is_void_v<R>)
    Codec<std::remove_cvref_t<R>>::write(writer, trivial_result<std::remove_cvref_t<R>>(stored));
#else
  fill_stack();
  if constexpr (std::is_void_v<R>) {
    function(Parameter<P>::pass(std::get<I>(stored))...);
  } else {
    Codec<std::remove_cvref_t<R>>::write(writer, function(Parameter<P>::pass(std::get<I>(stored))...));
  }
#endif
  const auto write_back = [&]<class Q>(std::type_identity<Q>, const auto& value) {
    if constexpr (Parameter<Q>::comes_back) Codec<typename Parameter<Q>::Stored>::write(writer, value);
  };
  (write_back(std::type_identity<P>{}, std::get<I>(stored)), ...);
}

inline bool read_all(void* into, std::size_t count) {
  auto* bytes = static_cast<unsigned char*>(into);
  while (count > 0) {
    const ssize_t got = ::read(wire::request_fd, bytes, count);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    bytes += got;
    count -= static_cast<std::size_t>(got);
  }
  return true;
}

inline bool write_all(const void* from, std::size_t count) {
  const auto* bytes = static_cast<const unsigned char*>(from);
  while (count > 0) {
    const ssize_t put = ::write(wire::reply_fd, bytes, count);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes += put;
    count -= static_cast<std::size_t>(put);
  }
  return true;
}

/// The request that is being answered; 0 before the first.
inline std::uint64_t asked = 0;

inline bool send(const wire::Writer& writer, wire::Kind kind, std::uint64_t case_id) {
  const auto header = writer.header(kind, case_id);
  return write_all(&header, sizeof header) && write_all(writer.payload().data(), writer.payload().size());
}

}  // namespace detail

/// A function by name, with its type forgotten.
struct Exported {
  const char* name;
  void (*address)();
  void (*call)(void (*address)(), wire::Reader&, wire::Writer&);
};

template <class R, class... P>
Exported function(const char* name, R (*address)(P...)) {
  return {name, reinterpret_cast<void (*)()>(address),
          [](void (*erased)(), wire::Reader& reader, wire::Writer& writer) {
            detail::call(reinterpret_cast<R (*)(P...)>(erased), reader, writer,
                         std::index_sequence_for<P...>{});
          }};
}

namespace detail {

inline wire::Kind answer(const Exported& exported, wire::Reader& reader, wire::Writer& writer) {
  // The linker leaves an undefined function at address 0; the compiler may assume otherwise, hence volatile.
#ifndef ASSAY_TRIVIAL
  void (*const volatile address)() = exported.address;
  if (address == nullptr) return wire::Kind::missing_function;
#endif
  try {
    exported.call(exported.address, reader, writer);
    return wire::Kind::reply;
  } catch (const Mismatch&) {
    return wire::Kind::mismatch;
  } catch (const std::bad_alloc&) {
    return wire::Kind::out_of_memory;
  } catch (const std::exception& error) {
    writer.clear();
    writer.append(error.what(), std::strlen(error.what()));
    return wire::Kind::threw;
  } catch (...) {
    writer.clear();
    return wire::Kind::threw;
  }
}

}  // namespace detail

/// Answers requests until the grader hangs up. Returns the exit code for main.
inline int serve(std::initializer_list<Exported> functions) {
  std::vector<unsigned char> payload;
  wire::Header request;
  while (detail::read_all(&request, sizeof request)) {
    if (request.magic != wire::magic || request.version != wire::version) return 70;
    payload.resize(request.payload_bytes);
    if (!detail::read_all(payload.data(), payload.size())) return 70;
    wire::Reader reader(payload.data(), payload.size());
    const auto length = reader.raw<std::uint16_t>();
    const char* const name = reinterpret_cast<const char*>(reader.data());
    std::vector<unsigned char> skipped(length);
    reader.take(skipped.data(), length);

    wire::Writer writer;
    detail::asked = request.case_id;
    auto kind = wire::Kind::unknown_function;
    for (const Exported& exported : functions)
      if (std::strlen(exported.name) == length && std::memcmp(exported.name, name, length) == 0)
        kind = detail::answer(exported, reader, writer);
    if (kind != wire::Kind::reply && kind != wire::Kind::threw) writer.clear();
    if (!detail::send(writer, kind, request.case_id)) return 70;
  }
  return 0;
}

}  // namespace assay
