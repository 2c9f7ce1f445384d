// The fast engine. Its operations stand in files by topic: elementwise, columns, rows, copies, ends, weights, linear.
#pragma once

#include "storage.hpp"

namespace verifier::kernel::doubles {

class Fast final : public Engine {
public:
  Made exact(Shape shape, std::span<const double> x) const override;
  Made ratio(std::uint64_t x, std::uint64_t y) const override;
  Made pi() const override;
  Made binary(Binary op, const View& x, const View& y, Sign sign) const override;
  Made unary(Unary op, const View& x) const override;
  Made moved(Side side, const View& x, const View& y, const View& share) const override;
  Made root(const View& x, unsigned p) const override;
  Made exchanged(const View& sum, const View& term, const View& other) const override;
  Made plus_rows_at(const View& x, Indices x_rows, const View& y, Indices y_rows, Sign sign) const override;
  Made minus_column(const View& x, Indices at, std::size_t own) const override;
  Made minus_entries(const View& x, const View& of_own, Indices own) const override;
  Made fold(Fold op, const View& x, Sign sign) const override;
  Made scan(Scan op, const View& x) const override;
  Made largest_without(const View& x, Indices without) const override;
  Made rows_at(const View& x, Indices at) const override;
  Made columns_at(const View& x, Indices at) const override;
  Made entries_at(const View& x, Indices rows, Indices columns) const override;
  Made join(const View& x, const View& y) const override;
  Made replaced(const View& x, Indices rows, Indices columns, const View& by) const override;
  Made dots(const View& x, Indices x_rows, const View& y, Indices y_rows) const override;
  Made dots(const View& x, Indices x_rows, const View& y, Indices y_rows, const Lists& at) const override;
  Made largest_sums(const View& x, Indices x_rows, const View& y, Indices y_rows, Indices without) const override;
  Made sums_before(const View& x) const override;
  Made sums_by_label(const View& x, Indices labels, std::size_t count, Sign sign) const override;
  Made hulls_by_label(const View& x, Indices labels, std::size_t count) const override;
  Made sums_of_any(const View& b) const override;
  std::vector<bool> certainly(Certain what, const View& x) const override;
  std::vector<Ends> totals(const View& x, Indices kind, std::size_t kinds) const override;
  Ends least(const View& x) const override;
  Made weights(Shape shape, std::span<const double> x) const override;
  Made weights_rows_at(const View& x, Indices at) const override;
  Made weights_add(const View& x, const View& y) const override;
  Made weights_subtract(const View& x, const View& y) const override;
  Made weights_product(const View& x, const View& y) const override;
  Made weights_shifted(const View& x, const View& by) const override;
  Made weights_rounded(const View& x) const override;
  Made linear(const View& x, const View& w) const override;
  Made linear_at(const View& x, const View& w, const Lists& at) const override;
  Made linear_entries(const View& x, Indices rows, const View& w, Indices columns) const override;
  Made sum_of_multiples(Shape shape, std::span<const Multiple> terms) const override;
  Made table(Shape shape, Sign sign) const override;
  void fill(Numbers& table, std::size_t row, const View& band) const override;
};

inline void finite(bool yes) {
  if (!yes) throw OutOfRange();
}

} // namespace verifier::kernel::doubles
