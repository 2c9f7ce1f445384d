// What an engine does: the same operations on its own kind of numbers. Shapes were checked, charges made and results held before:
// operations.cpp, products.cpp, total.cpp. Results are stored row by row, and the lower end of what is Positive is not below zero.
#pragma once

#include "total.hpp"

namespace verifier::kernel {

// multiply: the first factor is not negative
enum class Binary { add, subtract, multiply, product, larger, smaller, share, near };
enum class Unary { exp, log, inverse, positive_part, any_number_in, square, normal_cdf, absolute };
enum class Fold { largest, smallest, sum, log_sum_exp, log_one_plus_sum_exp };
enum class Scan { largest_so_far, largest_of_others };
enum class Side { larger, smaller };
enum class Certain { negative, not_negative };
enum class Sign { any, not_negative }; // of a result

using Made = std::shared_ptr<Numbers>;

struct Ends { // in steps of 2^-60, rounded outward
  Integer lower, upper;
};

class Engine {
public:
  virtual ~Engine() = default;
  virtual Made exact(Shape shape, std::span<const double> x) const = 0;
  virtual Made ratio(std::uint64_t x, std::uint64_t y) const = 0; // y: a power of ten, up to 10^18
  virtual Made pi() const = 0;
  virtual Made binary(Binary op, const View& x, const View& y, Sign sign) const = 0;
  virtual Made unary(Unary op, const View& x) const = 0;
  virtual Made moved(Side side, const View& x, const View& y, const View& share) const = 0;
  virtual Made root(const View& x, unsigned p) const = 0;
  virtual Made exchanged(const View& sum, const View& term, const View& other) const = 0;
  virtual Made plus_rows_at(const View& x, Indices x_rows, const View& y, Indices y_rows, Sign sign) const = 0;
  virtual Made minus_column(const View& x, Indices at, std::size_t own) const = 0;
  virtual Made minus_entries(const View& x, const View& of_own, Indices own) const = 0;
  virtual Made fold(Fold op, const View& x, Sign sign) const = 0;
  virtual Made scan(Scan op, const View& x) const = 0;
  virtual Made largest_without(const View& x, Indices without) const = 0;
  virtual Made rows_at(const View& x, Indices at) const = 0;
  virtual Made columns_at(const View& x, Indices at) const = 0;
  virtual Made entries_at(const View& x, Indices rows, Indices columns) const = 0;
  virtual Made join(const View& x, const View& y) const = 0;
  virtual Made replaced(const View& x, Indices rows, Indices columns, const View& by) const = 0;
  virtual Made dots(const View& x, Indices x_rows, const View& y, Indices y_rows) const = 0;
  virtual Made dots(const View& x, Indices x_rows, const View& y, Indices y_rows, const Lists& at) const = 0;
  virtual Made largest_sums(const View& x, Indices x_rows, const View& y, Indices y_rows, Indices without) const = 0;
  virtual Made sums_before(const View& x) const = 0;
  virtual Made sums_by_label(const View& x, Indices labels, std::size_t count, Sign sign) const = 0;
  virtual Made hulls_by_label(const View& x, Indices labels, std::size_t count) const = 0; // each label occurs
  virtual Made sums_of_any(const View& b) const = 0;
  virtual std::vector<bool> certainly(Certain what, const View& x) const = 0; // entry by entry
  virtual std::vector<Ends> totals(const View& x, Indices kind,
                                   std::size_t kinds) const = 0; // of each kind; none: all are 0
  virtual Ends least(const View& x) const = 0;                   // of one entry at least
  // Weights
  virtual Made weights(Shape shape, std::span<const double> x) const = 0;
  virtual Made weights_rows_at(const View& x, Indices at) const = 0;
  virtual Made weights_add(const View& x, const View& y) const = 0;
  virtual Made weights_subtract(const View& x, const View& y) const = 0;
  virtual Made weights_product(const View& x, const View& y) const = 0;
  virtual Made weights_shifted(const View& x, const View& by) const = 0;
  virtual Made weights_rounded(const View& x) const = 0;
  virtual Made linear(const View& x, const View& w) const = 0;
  virtual Made linear_at(const View& x, const View& w, const Lists& at) const = 0;
  virtual Made linear_entries(const View& x, Indices rows, const View& w, Indices columns) const = 0;
  virtual Made sum_of_multiples(Shape shape, std::span<const Multiple> terms) const = 0;
  // Large tables, filled in bands of rows, each once, by any thread.
  virtual Made table(Shape shape, Sign sign) const = 0;
  virtual void fill(Numbers& table, std::size_t from_row, const View& band) const = 0;
};

const Engine& reference(); // MPFR, directed rounding: the definition of what is accepted
const Engine& fast();      // IEEE doubles, round to nearest, proved bounds

// Whether this thread's doubles are what the fast engine's proofs assume: rounded to nearest, not contracted.
bool doubles_are_as_assumed();

} // namespace verifier::kernel
