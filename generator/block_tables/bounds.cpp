#include "block_tables/bounds.hpp"

#include "block_tables/groups.hpp"

#include <algorithm>

namespace proofmark::block_tables {

namespace {

MatrixD columns_at(const MatrixD& x, const std::vector<std::uint32_t>& at) {
  MatrixD result(x.rows(), static_cast<Eigen::Index>(at.size()));
  for (std::size_t j = 0; j < at.size(); ++j) result.col(static_cast<Eigen::Index>(j)) = x.col(at[j]);
  return result;
}
MatrixD rows_at(const MatrixD& x, const std::vector<std::uint32_t>& at) {
  MatrixD result(static_cast<Eigen::Index>(at.size()), x.cols());
  for (std::size_t j = 0; j < at.size(); ++j) result.row(static_cast<Eigen::Index>(j)) = x.row(at[j]);
  return result;
}

void apply(networks::Activation activation, MatrixD& x) {
  if (activation == networks::Activation::relu)
    x = x.cwiseMax(0.0);
  else
    x = x.unaryExpr([&](double entry) { return applied(activation, entry); });
}

// The ends of each entry over the symbols of a block, for each of them.
Radii hull(const Radii& of, const Partition& partition) {
  Radii result = of;
  std::vector<Eigen::Index> first(partition.count, -1);
  for (std::size_t y = 0; y < partition.blocks.size(); ++y) {
    Eigen::Index& f = first[partition.blocks[y]];
    const auto row = static_cast<Eigen::Index>(y);
    if (f < 0) {
      f = row;
    } else {
      result.low.row(f) = result.low.row(f).cwiseMin(of.low.row(row)).eval();
      result.high.row(f) = result.high.row(f).cwiseMax(of.high.row(row)).eval();
    }
  }
  for (std::size_t y = 0; y < partition.blocks.size(); ++y) {
    const Eigen::Index f = first[partition.blocks[y]];
    const auto row = static_cast<Eigen::Index>(y);
    if (f == row) continue;
    result.low.row(row) = result.low.row(f), result.high.row(row) = result.high.row(f);
  }
  return result;
}

} // namespace

Radii radii(const Additive& network, const MatrixD& left, const Group& group) {
  const MatrixD delta = columns_at(left, group.neurons), U = rows_at(network.unembedding, group.neurons);
  const MatrixD V = U.colwise() - U.rowwise().mean();
  Radii result;
  if (!group.positive_parts) {
    result.high = (0.5 + network.reach) * delta.rowwise().norm() * V.colwise().norm();
    result.low = -result.high;
    return result;
  }
  MatrixD centre(left.rows(), U.cols()), radius(left.rows(), U.cols());
  const MatrixD half = 0.5 * delta, reaching = network.reach * delta.cwiseAbs(), size = V.cwiseAbs();
  set_product(centre, half, U);
  set_product(radius, reaching, size);
  result.low = centre - radius, result.high = centre + radius;
  return result;
}

Radii radii(const Additive& network, const MatrixD& left, const Side& side) {
  const Eigen::Index classes = network.unembedding.cols();
  Radii sum{MatrixD::Zero(left.rows(), classes), MatrixD::Zero(left.rows(), classes)};
  for (const Group& group : side) {
    const Radii one = radii(network, left, group);
    sum.low += one.low, sum.high += one.high;
  }
  return sum;
}

Bounds::Bounds(const Additive& network, const Form& form) : network_(network), form_(form) {
  std::vector<MatrixD> left_means;
  for (const Group& group : form.left) left_means.push_back(means(network.left, group));
  for (const Group& group : form.right) {
    right_means_.push_back(means(network.right, group));
    rows_of_unembedding_.push_back(rows_at(network.unembedding, group.neurons));
    if (!form.two_sided()) continue;
    std::vector<Table> tables;
    for (const Shared& shared : shared_neurons(group, form.left)) {
      const Group& other = form.left[shared.left_group];
      const auto places = [&](const Group& in) {
        std::vector<std::uint32_t> result;
        for (const std::uint32_t j : shared.neurons)
          result.push_back(static_cast<std::uint32_t>(std::lower_bound(in.neurons.begin(), in.neurons.end(), j) -
                                                      in.neurons.begin()));
        return result;
      };
      const MatrixD l = columns_at(left_means[shared.left_group], places(other)),
                    r = columns_at(right_means_.back(), places(group));
      MatrixD hidden(l.rows() * r.rows(), l.cols());
      for (Eigen::Index v = 0; v < l.rows(); ++v) hidden.middleRows(v * r.rows(), r.rows()) = r.rowwise() + l.row(v);
      apply(network.activation, hidden);
      MatrixD sums(hidden.rows(), network.unembedding.cols());
      set_product(sums, hidden, rows_at(network.unembedding, shared.neurons));
      tables.push_back({shared.left_group, std::move(sums)});
    }
    tables_.push_back(std::move(tables));
  }
  own_ = radii(network, remainders(network.right, form.right), form.right);
  folded_ = form.fold ? hull(own_, partition_of(*form.fold, form.right_tree, partitions_of(form.right))) : own_;
  if (form.two_sided()) of_left_ = radii(network, remainders(network.left, form.left), form.left);
}

Bounds::Row Bounds::row(std::size_t x) const {
  const Eigen::Index symbols = network_.right.rows(), classes = network_.unembedding.cols();
  const auto at = static_cast<Eigen::Index>(x);
  Row result;
  result.centre = network_.bias.replicate(symbols, 1);
  for (std::size_t g = 0; g < form_.right.size(); ++g) {
    const Group& group = form_.right[g];
    MatrixD table = MatrixD::Zero(group.count, classes);
    if (form_.two_sided()) {
      for (const Table& one : tables_[g])
        table += one.sums.middleRows(form_.left[one.left_group].blocks[x] * Eigen::Index{group.count}, group.count);
    } else {
      MatrixD hidden = right_means_[g];
      for (std::size_t j = 0; j < group.neurons.size(); ++j)
        hidden.col(static_cast<Eigen::Index>(j)).array() += network_.left(at, group.neurons[j]);
      apply(network_.activation, hidden);
      set_product(table, hidden, rows_of_unembedding_[g]);
    }
    for (Eigen::Index y = 0; y < symbols; ++y)
      result.centre.row(y) += table.row(group.blocks[static_cast<std::size_t>(y)]);
  }
  result.low = form_.two_sided() ? Eigen::RowVectorXd(of_left_.low.row(at)) : Eigen::RowVectorXd::Zero(classes);
  result.high = form_.two_sided() ? Eigen::RowVectorXd(of_left_.high.row(at)) : Eigen::RowVectorXd::Zero(classes);
  return result;
}

double room(const Additive& network) {
  constexpr double roundings = 16; // of one addition of the verifier's fast engine and of one here, with room
  const Eigen::RowVectorXd largest =
      network.left.cwiseAbs().colwise().maxCoeff() + network.right.cwiseAbs().colwise().maxCoeff();
  const double size = (largest * network.unembedding.cwiseAbs()).maxCoeff() + network.bias.cwiseAbs().maxCoeff();
  return roundings * static_cast<double>(network.unembedding.rows() + 64) * 0x1p-53 * size;
}

} // namespace proofmark::block_tables
