/// Sums and products as an exam writes them: "(5x5x1+1)x10", "8*3*3*3+8".
#pragma once

#include <gmpxx.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace assay::oracles {

class Expression {
 public:
  explicit Expression(std::string_view text) {
    for (const char letter : text)
      if (letter != ' ') text_ += letter;
  }
  mpz_class value() {
    const mpz_class result = sum();
    if (at_ != text_.size()) throw std::invalid_argument(text_);
    return result;
  }

 private:
  bool next_is(std::string_view letters) const {
    return at_ < text_.size() && letters.find(text_[at_]) != std::string_view::npos;
  }
  mpz_class sum() {
    mpz_class total = product();
    while (next_is("+-")) {
      const bool plus = text_[at_++] == '+';
      const mpz_class more = product();
      total = plus ? mpz_class(total + more) : mpz_class(total - more);
    }
    return total;
  }
  mpz_class product() {
    mpz_class total = factor();
    while (next_is("x*")) {
      ++at_;
      total *= factor();
    }
    return total;
  }
  mpz_class factor() {
    if (next_is("(")) {
      ++at_;
      const mpz_class inner = sum();
      ++at_;
      return inner;
    }
    const std::size_t begin = at_;
    while (next_is("0123456789")) ++at_;
    return mpz_class(text_.substr(begin, at_ - begin));
  }

  std::string text_;
  std::size_t at_ = 0;
};

inline mpz_class evaluate(std::string_view text) {
  return Expression(text).value();
}

}  // namespace assay::oracles
