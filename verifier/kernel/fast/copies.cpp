// Numbers from outside, copies, and tables: no arithmetic.
#include "fast.hpp"

#include <algorithm>
#include <bit>

namespace verifier::kernel::doubles {

// Numbers next to 0 are left to the reference. Their bits are compared, since a processor may take them for 0.
Made Fast::exact(Shape shape, std::span<const double> x) const {
  constexpr std::uint64_t magnitude = ~std::uint64_t{0} >> 1;
  for (const double y : x) {
    const std::uint64_t bits = std::bit_cast<std::uint64_t>(y) & magnitude;
    finite(bits == 0 || bits >= std::bit_cast<std::uint64_t>(tiny));
  }
  const MadeDoubles r = make(shape);
  std::copy(x.begin(), x.end(), r->lo()), std::copy(x.begin(), x.end(), r->hi());
  return r;
}
Made Fast::ratio(std::uint64_t x, std::uint64_t y) const {
  const MadeDoubles r = make({1, 1});
  double &lo = *r->lo(), &hi = *r->hi();
  lo = hi = static_cast<double>(x); // rounded
  if (x >= std::uint64_t{1} << 53) lo = down(lo), hi = up(hi);
  if (x == 0 || y == 1) return r;
  const auto divisor = static_cast<double>(y); // 5^18 has 42 bits
  lo = down(lo / divisor), hi = up(hi / divisor);
  return r;
}
Made Fast::pi() const {
  const MadeDoubles r = make({1, 1});
  *r->lo() = 0x1.921fb54442d18p+1, *r->hi() = 0x1.921fb54442d19p+1;
  return r;
}
namespace {
// Entry (i, at(j)) of x for each row i and `count` columns j, into the columns of r from `first` on. Of a large table, which keeps no
// lower ends, these entries alone are made.
template <class At>
void copy_columns(const View& x, std::size_t count, At at, const Doubles& r, std::size_t first) {
  const auto& from = static_cast<const Doubles&>(*x.numbers);
  for (std::size_t i = 0; i < x.shape.rows; ++i) {
    double *const lo = r.lo() + i * r.shape.columns + first, *const hi = r.hi() + i * r.shape.columns + first;
    const std::size_t p = x.offset + i * x.row_stride;
    if (from.has_lower_ends())
      for (std::size_t j = 0; j < count; ++j)
        lo[j] = from.lo()[p + at(j) * x.column_stride], hi[j] = from.hi()[p + at(j) * x.column_stride];
    else
      for (std::size_t j = 0; j < count; ++j) take(x, i, at(j), lo + j, hi + j);
  }
}
} // namespace
Made Fast::rows_at(const View& x, Indices at) const {
  const std::size_t C = x.shape.columns;
  const auto& from = static_cast<const Doubles&>(*x.numbers);
  const MadeDoubles r = make({at.size(), C});
  if (x.column_stride != 1 || C == 0) {
    double *lo = r->lo(), *hi = r->hi();
    for (const Index i : at)
      for (std::size_t j = 0; j < C; ++j) take(x, i, j, lo++, hi++);
    return r;
  }
  for (std::size_t i = 0; i < at.size(); ++i) { // of a large table, these rows alone
    const std::size_t p = x.offset + at[i] * x.row_stride;
    std::memcpy(r->hi() + i * C, from.hi() + p, C * sizeof(double));
    if (from.has_lower_ends())
      std::memcpy(r->lo() + i * C, from.lo() + p, C * sizeof(double));
    else
      from.lower_ends_of(p, C, r->lo() + i * C);
  }
  return r;
}
Made Fast::columns_at(const View& x, Indices at) const {
  const MadeDoubles r = make({x.shape.rows, at.size()});
  copy_columns(
      x, at.size(), [&](std::size_t j) { return at[j]; }, *r, 0);
  return r;
}
Made Fast::entries_at(const View& x, Indices rows, Indices columns) const {
  const MadeDoubles r = make({rows.size(), 1});
  for (std::size_t i = 0; i < rows.size(); ++i) take(x, rows[i], columns[i], r->lo() + i, r->hi() + i);
  return r;
}
Made Fast::join(const View& x, const View& y) const {
  const std::size_t left = x.shape.columns;
  const MadeDoubles r = make({x.shape.rows, left + y.shape.columns});
  const auto same = [](std::size_t j) { return j; };
  copy_columns(x, left, same, *r, 0), copy_columns(y, y.shape.columns, same, *r, left);
  return r;
}
Made Fast::replaced(const View& x, Indices rows, Indices columns, const View& by) const {
  const MadeDoubles r = copy(x);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t o = rows[i] * x.shape.columns + columns[i];
    take(by, i, 0, r->lo() + o, r->hi() + o);
  }
  return r;
}
Made Fast::table(Shape shape, Sign sign) const {
  return std::make_shared<Doubles>(shape, sign);
}
void Fast::fill(Numbers& table, std::size_t row, const View& band) const {
  static_cast<Doubles&>(table).fill(row, band);
}

} // namespace verifier::kernel::doubles
