/// A key and the points at which answers are compared with it. Internal.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "properties/equivalence_kinks.hpp"

namespace assay::properties::equivalence {

/// A formula in the names of a setting.
struct Side {
  Formula written;
  Formula closed;
  Names names;  ///< that stand in it
  Names needs;  ///< that it depends on
  bool statement = false;
  bool derives = false;  ///< takes derivatives: at a kink it may have several values
};
Side side_of(const Settled& settled, const Formula& formula);

/// A point of the key.
struct Prepared {
  Site site;
  Value key;
  std::optional<formula::Environment<Ball>> balls;  ///< of 256 bits, where the key has no exact value
  bool random = false;
};

class Key {
 public:
  Key(const Settled& settled, const Formula& written, std::uint64_t seed);

  const Settled& settled() const { return settled_; }
  const Points& points() const { return points_; }
  const Side& side() const { return side_; }
  /// The smallest first.
  const std::vector<Prepared>& prepared() const { return prepared_; }
  std::size_t redrawn() const { return redrawn_; }
  /// Of the key and the definitions it needs.
  const std::vector<Kink>& kinks() const { return kinks_; }

  /// Those of `kinks` that points at random hardly ever meet: in a sum over c, c = y is met at each.
  std::vector<Kink> rare(const std::vector<Kink>& kinks, Budget& budget) const;
  const std::vector<Kink>& rare_kinks() const { return rare_kinks_; }

  /// Points at which kinks are looked for, and where along each number those of the key are.
  struct Base {
    Drawn drawn;
    std::vector<std::pair<Scalar, std::vector<Turns::Root>>> lines;
  };
  const std::vector<Base>& bases() const { return bases_; }

  /// A further point, if it is inside of the hypothesis and the key has one value there.
  std::optional<Prepared> prepare(Drawn drawn, const Names& needed, Budget& budget) const;

 private:
  bool add(Drawn drawn, const std::string& tie, bool random);
  void add_where_it_holds(Random& random);
  void add_kinks();

  const Settled& settled_;
  Points points_;
  Side side_;
  std::vector<Kink> kinks_, rare_kinks_;
  Names everything_;
  std::vector<Prepared> prepared_;
  std::vector<Base> bases_;
  std::size_t redrawn_ = 0;
};

/// The value of a side at a point. Where it takes derivatives and balls show more than one slope, none.
Value value_at(const Settled& settled, const Side& side, const Prepared& point, Budget& budget);

/// Whether key and answer are the same at a point where both exist: with more bits where 256 do not tell.
Match same_at(const Key& key, const Side& answer, const Prepared& point, const Value& value, Budget& budget);

}  // namespace assay::properties::equivalence
