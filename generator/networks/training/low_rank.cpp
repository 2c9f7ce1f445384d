#include "networks/training/low_rank.hpp"

#include "numbers/product.hpp"

#include <Eigen/QR>

namespace proofmark::networks {

namespace {

constexpr double strength = 0.001;

} // namespace

template <class Scalar>
double LowRankPenalty::add(const Weights<Scalar>& weights, Weights<Scalar>& gradient) {
  using Map = typename Matrices<Scalar>::Map;
  const auto& map = std::get<Map>(weights.readout.back()).weight; // [m x C], so it is the transpose of U
  MatrixD centred = map.template cast<double>();
  centred.colwise() -= centred.rowwise().mean().eval();
  if (directions_.size() == 0) directions_ = centred.leftCols(rank_);
  MatrixD image(centred.cols(), rank_), back(centred.rows(), rank_); // U Q, U^T U Q
  set_product(image, centred.transpose(), directions_);
  set_product(back, centred, image);
  directions_ = Eigen::HouseholderQR<MatrixD>(back).householderQ() * MatrixD::Identity(back.rows(), rank_);
  set_product(image, centred.transpose(), directions_);
  MatrixD rest(centred.rows(), centred.cols());
  set_product(rest, directions_, image.transpose());
  rest = centred - rest;
  std::get<Map>(gradient.readout.back()).weight += (strength * rest).template cast<Scalar>();
  return strength / 2 * rest.squaredNorm();
}

template double LowRankPenalty::add(const Weights<float>&, Weights<float>&);
template double LowRankPenalty::add(const Weights<double>&, Weights<double>&);

} // namespace proofmark::networks
