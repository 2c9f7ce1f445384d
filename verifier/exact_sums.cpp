#include "exact_sums.hpp"

#include "parallel.hpp"
#include "reason.hpp"

#include <algorithm>
#include <bit>

namespace verifier {
namespace {

bool is_empty(const Span& span) {
  return span.highest < span.lowest;
}

} // namespace

Span span_of(const std::vector<Dyadic>& numbers) {
  Span span;
  for (const Dyadic& x : numbers) {
    if (x.mantissa == 0) continue;
    const auto magnitude = static_cast<std::uint64_t>(x.mantissa < 0 ? -x.mantissa : x.mantissa);
    const long low = x.exponent + std::countr_zero(magnitude),
               high = x.exponent + static_cast<long>(std::bit_width(magnitude)) - 1;
    span = is_empty(span) ? Span{low, high} : Span{std::min(span.lowest, low), std::max(span.highest, high)};
  }
  return span;
}

Span span_of_sums(const Span& x, const Span& y) {
  if (is_empty(x)) return y;
  if (is_empty(y)) return x;
  return {std::min(x.lowest, y.lowest), std::max(x.highest, y.highest) + 1};
}

Span span_of_products(const Span& x, const Span& y, std::size_t terms) {
  if (is_empty(x) || is_empty(y)) return {};
  return {x.lowest + y.lowest, x.highest + y.highest + 1 + static_cast<long>(std::bit_width(terms))};
}

mpfr_prec_t bits(const Span& span) {
  return std::max<mpfr_prec_t>(precision, span.highest - span.lowest + 1);
}

void set_exactly(Real& x, const Dyadic& value) {
  mpfr_set_sj_2exp(x.get(), value.mantissa, value.exponent, MPFR_RNDU); // exact: 53 bits
}

void multiply_exactly(std::span<Real> out, std::span<const Real> x, std::span<const Real> y, Real& term) {
  bool rounded = false;
  for (std::size_t k = 0; k < out.size(); ++k) {
    mpfr_set_zero(out[k].get(), +1);
    for (std::size_t j = 0; j < x.size(); ++j) {
      rounded |= mpfr_mul(term.get(), x[j].get(), y[k * x.size() + j].get(), MPFR_RNDU) != 0;
      rounded |= mpfr_add(out[k].get(), out[k].get(), term.get(), MPFR_RNDU) != 0;
    }
  }
  if (rounded) fail(Reason::internal, "", "exact sums of products", "a rounded one");
}

ExactMatrix::ExactMatrix(std::size_t rows, std::size_t columns, const Span& span)
    : rows(rows), columns(columns), span(span), entries(rows * columns, Real(bits(span))) {}

ExactMatrix exact_matrix(const std::vector<Dyadic>& values, std::size_t rows, std::size_t columns) {
  ExactMatrix matrix(rows, columns, span_of(values));
  for (std::size_t i = 0; i < values.size(); ++i) set_exactly(matrix.entries[i], values[i]);
  return matrix;
}

ExactMatrix exact_transpose(const std::vector<Dyadic>& values, std::size_t rows, std::size_t columns) {
  ExactMatrix matrix(columns, rows, span_of(values));
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) set_exactly(matrix.row(j)[i], values[i * columns + j]);
  return matrix;
}

ExactMatrix times_transposed(const ExactMatrix& x, const ExactMatrix& y, unsigned threads) {
  ExactMatrix result(x.rows, y.rows, span_of_products(x.span, y.span, x.columns));
  for_each_index(x.rows, threads, [&] {
    return [&, term = Real(bits(result.span))](std::size_t i) mutable {
      multiply_exactly(result.row(i), x.row(i), y.entries, term);
    };
  });
  return result;
}

ExactMatrix plus_row(const ExactMatrix& x, std::span<const Real> row, const Span& span) {
  ExactMatrix result(x.rows, x.columns, span_of_sums(x.span, span));
  bool rounded = false;
  for (std::size_t i = 0; i < x.rows; ++i)
    for (std::size_t j = 0; j < x.columns; ++j)
      rounded |= mpfr_add(result.row(i)[j].get(), x.at(i, j).get(), row[j].get(), MPFR_RNDU) != 0;
  if (rounded) fail(Reason::internal, "", "exact sums", "a rounded one");
  return result;
}

} // namespace verifier
