#include "numbers/fixed_point.hpp"

#include "numbers/product.hpp"
#include "support/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>

namespace proofmark {

namespace {

__extension__ using Wide = __int128;

// Enlarges a sum of at most 2^14 products of non-negative doubles, each rounded in whatever direction: fewer
// than 2^15 roundings, each of relative size at most 2^-52, shrink it by less than a factor 1 - 2^-36.
double enlarged(double sum) {
  return sum * (1 + 0x1p-35);
}

// max over the rows of the sum of absolute values, in units of the last place, rounded up
double largest_row_sum(const FixedPoint& x) {
  double largest = 0;
  for (std::uint64_t i = 0; i < x.rows; ++i) {
    double sum = 0;
    for (std::uint64_t j = 0; j < x.columns; ++j) sum += std::abs(static_cast<double>(x.row(i)[j]));
    largest = std::max(largest, sum);
  }
  return enlarged(largest);
}

// e with |x| < 2^e for every entry; meaningless for zero
int exponent_above(double x) {
  int exponent = 0;
  std::frexp(x, &exponent);
  return exponent;
}

Eigen::Map<const Eigen::Matrix<std::int64_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>
map(const FixedPoint& x) {
  return {x.value.data(), static_cast<Eigen::Index>(x.rows), static_cast<Eigen::Index>(x.columns)};
}

// An estimate (no bound) of the largest |entry| of X Yᵀ in units of 2^-(x.scale + y.scale).
double estimated_maximum(const FixedPoint& x, const FixedPoint& y, unsigned threads) {
  const MatrixD left = map(x).cast<double>(), right = map(y).cast<double>();
  constexpr Eigen::Index block = 256;
  const Eigen::Index pieces = (left.rows() + block - 1) / block;
  std::vector<double> largest(static_cast<std::size_t>(pieces));
  for_each_piece(largest.size(), threads, [&](std::size_t piece) {
    const Eigen::Index from = static_cast<Eigen::Index>(piece) * block;
    MatrixD part(std::min(block, left.rows() - from), right.rows());
    set_product(part, left.middleRows(from, part.rows()), right.transpose());
    largest[piece] = part.cwiseAbs().maxCoeff();
  });
  return *std::max_element(largest.begin(), largest.end());
}

// floor(sum * 2^-shift) where that lies strictly between -limit and limit, otherwise nothing; |sum| < 2^127,
// limit >= 1
std::optional<std::int64_t> shifted(Wide sum, int shift, std::int64_t limit) {
  const Wide kept = shift > 0 ? sum >> std::min(shift, 127) : sum;
  const Wide most = (static_cast<Wide>(limit) - 1) >> std::clamp(-shift, 0, 127);
  if (kept < -most || kept > most) return {};
  return static_cast<std::int64_t>(kept * (static_cast<Wide>(1) << std::clamp(-shift, 0, 62)));
}

} // namespace

double FixedPoint::absolute_error() const {
  return std::ldexp(error, -scale) * (1 + 0x1p-50);
}

int factor_bits(std::uint64_t inner_dimension) {
  return std::min(59, (126 - static_cast<int>(std::bit_width(inner_dimension))) / 2);
}

FixedPoint fixed_point(const MatrixD& x, int bits) {
  FixedPoint result;
  result.rows = static_cast<std::uint64_t>(x.rows());
  result.columns = static_cast<std::uint64_t>(x.cols());
  result.value.resize(result.rows * result.columns);
  const double largest = x.cwiseAbs().maxCoeff();
  if (largest == 0) return result;
  result.scale = bits - exponent_above(largest);
  const double* const entries = x.data();
  for (std::size_t i = 0; i < result.value.size(); ++i) {
    // Truncated towards zero: off by less than one. (An underflow of ldexp gives 0, also off by less than
    // one.)
    const double truncated = std::trunc(std::ldexp(entries[i], result.scale));
    result.value[i] = static_cast<std::int64_t>(truncated);
    if (std::ldexp(truncated, -result.scale) != entries[i]) result.error = 1;
  }
  return result;
}

FixedPoint product_with_transpose(const FixedPoint& x, const FixedPoint& y, int bits, int most_scale,
                                  unsigned threads) {
  FixedPoint result;
  result.rows = x.rows;
  result.columns = y.rows;
  result.value.resize(result.rows * result.columns);
  const std::uint64_t inner = x.columns;
  const int full_scale = x.scale + y.scale;
  // Two spare bits for the estimate's own rounding; a wrong guess is found below and costs another pass.
  int exponent = exponent_above(1.25 * estimated_maximum(x, y, threads));
  for (std::atomic<bool> fits = false; !fits; ++exponent) {
    fits = true;
    const int shift = std::max(exponent - bits, full_scale - most_scale);
    result.scale = full_scale - shift;
    const std::uint64_t block = 16, pieces = (x.rows + block - 1) / block;
    const std::int64_t limit = std::int64_t(1) << bits;
    for_each_piece(pieces, threads, [&](std::size_t piece) {
      for (std::uint64_t i = piece * block; i < std::min(x.rows, (piece + 1) * block); ++i)
        for (std::uint64_t k = 0; k < y.rows; ++k) {
          const std::int64_t *a = x.row(i), *b = y.row(k);
          Wide sum = 0; // |sum| < inner * 2^(2 factor_bits) < 2^126: exact
          for (std::uint64_t j = 0; j < inner; ++j) sum += static_cast<Wide>(a[j]) * b[j];
          const std::optional<std::int64_t> entry = shifted(sum, shift, limit);
          if (!entry) fits = false;
          result.value[i * result.columns + k] = entry.value_or(0);
        }
    });
    // |X Yᵀ - sum| <= errors of one factor times the other factor + both errors; dropping the low bits adds
    // less than one.
    const double inherited = enlarged(x.error * largest_row_sum(y) + y.error * largest_row_sum(x) +
                                      x.error * y.error * static_cast<double>(inner));
    result.error = enlarged(std::ldexp(inherited, -shift) + (shift > 0 ? 1 : 0));
    if (inherited > 0 && result.error < std::numeric_limits<double>::min()) result.error = 1; // ldexp underflowed
  }
  return result;
}

} // namespace proofmark
