#include "low_rank/stored.hpp"

namespace proofmark::low_rank {

namespace {

bool fits_float(const MatrixD& x) {
  constexpr double largest = 0x1p126;
  return x.size() == 0 || x.cwiseAbs().maxCoeff() < largest;
}

} // namespace

MatrixD as_stored(const MatrixD& x) {
  return fits_float(x) ? MatrixD(x.cast<float>().cast<double>()) : x;
}

Witness stored(const MatrixD& x) {
  const std::vector<std::uint64_t> shape{static_cast<std::uint64_t>(x.rows()), static_cast<std::uint64_t>(x.cols())};
  if (!fits_float(x)) return witness<double>(shape, {x.data(), static_cast<std::size_t>(x.size())});
  const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> narrow = x.cast<float>();
  return witness<float>(shape, {narrow.data(), static_cast<std::size_t>(narrow.size())});
}

} // namespace proofmark::low_rank
