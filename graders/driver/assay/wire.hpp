/// The binary protocol between the grader and the boxed program. Both sides include this file.
///
///   frame   = header (32 bytes) + payload
///   header  = magic, version, kind, case id, value count, payload bytes, CRC-32C of the payload, zero
///   payload = [request: name length (u16), name] value*
///   value   = type (u8), rank (u8), zero (u16), rank x extent (u64), elements
///
/// All little-endian; floating-point numbers travel as their bits, so NaN payloads, signed zeros and
/// subnormals survive. Lock-step: case k is sent only after the reply to case k-1.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace assay::wire {

static_assert(std::endian::native == std::endian::little, "the protocol is little-endian");

inline constexpr int request_fd = 3;
inline constexpr int reply_fd = 4;
inline constexpr std::uint32_t magic = 0x31595341;  // "ASY1"
inline constexpr std::uint16_t version = 1;
inline constexpr std::size_t max_rank = 8;

enum class Kind : std::uint16_t {
  request = 1,
  reply = 2,
  missing_function = 3,  ///< no definition was linked in; from a suite of tests, the payload says of which
  unknown_function = 4,  ///< the driver exports no function of that name: the author's mistake
  mismatch = 5,          ///< the arguments sent do not fit the function's parameters: the author's mistake
  out_of_memory = 6,     ///< the function let std::bad_alloc escape
  threw = 7,             ///< the function let another exception escape; the payload is its text
};

enum class Type : std::uint8_t { float64 = 1, float32 = 2, int64 = 3 };

constexpr std::size_t element_size(Type type) {
  return type == Type::float32 ? 4 : 8;
}

struct Header {
  std::uint32_t magic = wire::magic;
  std::uint16_t version = wire::version;
  Kind kind = Kind::request;
  std::uint64_t case_id = 0;
  std::uint32_t values = 0;
  std::uint32_t payload_bytes = 0;
  std::uint32_t checksum = 0;
  std::uint32_t zero = 0;
};
static_assert(sizeof(Header) == 32);

/// CRC-32C (Castagnoli), bit by bit over a table made at compile time.
struct ChecksumTable {
  std::uint32_t entry[256]{};
  constexpr ChecksumTable() {
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
      std::uint32_t remainder = byte;
      for (int bit = 0; bit < 8; ++bit) remainder = (remainder >> 1) ^ ((remainder & 1u) ? 0x82f63b78u : 0u);
      entry[byte] = remainder;
    }
  }
};

inline std::uint32_t checksum(const unsigned char* bytes, std::size_t count) {
  static constexpr ChecksumTable table;
  std::uint32_t remainder = ~0u;
  for (std::size_t i = 0; i < count; ++i)
    remainder = (remainder >> 8) ^ table.entry[(remainder ^ bytes[i]) & 0xffu];
  return ~remainder;
}

/// Appends to a payload.
class Writer {
 public:
  template <class T>
  void raw(const T& value) {
    append(&value, sizeof value);
  }

  /// A value's type and shape; its elements follow by `append`.
  void begin_value(Type type, const std::size_t* extents, std::size_t rank) {
    raw(type);
    raw(static_cast<std::uint8_t>(rank));
    raw(std::uint16_t{0});
    for (std::size_t axis = 0; axis < rank; ++axis) raw(static_cast<std::uint64_t>(extents[axis]));
    ++values_;
  }

  void append(const void* bytes, std::size_t count) {
    if (count == 0) return;
    const std::size_t old = payload_.size();
    payload_.resize(old + count);
    std::memcpy(payload_.data() + old, bytes, count);
  }

  Header header(Kind kind, std::uint64_t case_id) const {
    Header header;
    header.kind = kind;
    header.case_id = case_id;
    header.values = values_;
    header.payload_bytes = static_cast<std::uint32_t>(payload_.size());
    header.checksum = checksum(payload_.data(), payload_.size());
    return header;
  }

  const std::vector<unsigned char>& payload() const { return payload_; }
  void clear() {
    payload_.clear();
    values_ = 0;
  }

 private:
  std::vector<unsigned char> payload_;
  std::uint32_t values_ = 0;
};

/// Reads a payload; every read is bounded, and `ok()` turns false at the first that does not fit.
class Reader {
 public:
  Reader(const unsigned char* bytes, std::size_t count) : bytes_(bytes), left_(count) {}

  struct ValueHead {
    Type type = Type::float64;
    std::size_t rank = 0;
    std::size_t extents[max_rank]{};
    std::size_t count = 0;  ///< elements; never more than the payload still holds
  };

  template <class T>
  T raw() {
    T value{};
    take(&value, sizeof value);
    return value;
  }

  ValueHead begin_value() {
    ValueHead head;
    head.type = raw<Type>();
    head.rank = raw<std::uint8_t>();
    (void)raw<std::uint16_t>();
    if (head.rank > max_rank || head.type < Type::float64 || head.type > Type::int64) ok_ = false;
    head.count = 1;
    for (std::size_t axis = 0; ok_ && axis < head.rank; ++axis) {
      head.extents[axis] = static_cast<std::size_t>(raw<std::uint64_t>());
      if (head.extents[axis] != 0 && head.count > left_ / head.extents[axis]) ok_ = false;
      head.count *= head.extents[axis];
    }
    if (!ok_ || head.count > left_ / element_size(head.type)) {
      ok_ = false;
      head.count = 0;
    }
    return head;
  }

  void take(void* into, std::size_t count) {
    if (!ok_ || count > left_) {
      ok_ = false;
      return;
    }
    if (count != 0) std::memcpy(into, bytes_, count);
    bytes_ += count;
    left_ -= count;
  }

  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && left_ == 0; }
  std::size_t left() const { return left_; }
  const unsigned char* data() const { return bytes_; }

 private:
  const unsigned char* bytes_;
  std::size_t left_;
  bool ok_ = true;
};

}  // namespace assay::wire
