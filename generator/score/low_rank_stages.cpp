// Of low-rank@1 (docs/rules/any/low-rank.md): what is left of the last map beside its basis, times what is left of the features beside
// tables and basis. First its sign is lost, then all but the lengths of the two.

#include "certificates/witness_elements.hpp"
#include "low_rank/features.hpp"
#include "networks/description.hpp"
#include "numbers/elementary.hpp"
#include "score/stages.hpp"
#include "support/parallel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace proofmark {

namespace {

using Eigen::Index;
using low_rank::Features;

const Witness* found(const Certificate& certificate, const char* name) {
  const auto place = certificate.witnesses.find(name);
  return place == certificate.witnesses.end() ? nullptr : &place->second;
}

template <class Element>
std::vector<Element> numbers(const Certificate& certificate, const char* name) {
  const Witness* const witness = found(certificate, name);
  return witness ? elements_of<Element>(*witness) : std::vector<Element>();
}

// A matrix of floats or doubles; without rows where there is none.
MatrixD matrix(const Certificate& certificate, const char* name, Index columns) {
  const Witness* const witness = found(certificate, name);
  if (!witness) return MatrixD(0, columns);
  MatrixD result(static_cast<Index>(witness->shape[0]), static_cast<Index>(witness->shape[1]));
  const auto fill = [&](const auto& values) { std::copy(values.begin(), values.end(), result.data()); };
  if (witness->dtype == "float32")
    fill(elements_of<float>(*witness));
  else
    fill(elements_of<double>(*witness));
  return result;
}

class Stages {
public:
  Stages(const Certificate& certificate, unsigned threads)
      : network_(networks::network(networks::read_description(certificate.architecture, "the description"),
                                   certificate.tensors)),
        features_(low_rank::features_of(network_, low_rank::form_of(network_), certificate.task, threads)) {
    const Index m = features_.U.rows(), inputs = static_cast<Index>(features_.inputs());
    const MatrixD B = matrix(certificate, "basis", m), M = matrix(certificate, "metric", B.rows()),
                  tables = matrix(certificate, "label-tables", m), columns = features_.U.transpose();
    const MatrixD A = columns * B.transpose() * M;
    rest_ = columns - A * B;
    MatrixD e = features_.h;
    const auto labels = numbers<std::uint16_t>(certificate, "labels");
    Index first = 0;
    const auto counts = numbers<std::uint32_t>(certificate, "label-counts");
    for (std::size_t i = 0; i < counts.size(); ++i) {
      for (Index t = 0; t < inputs; ++t)
        e.row(t) -= tables.row(first + labels[i * static_cast<std::size_t>(inputs) + static_cast<std::size_t>(t)]);
      first += counts[i];
    }
    const MatrixD w = e * B.transpose();
    left_ = e - w * M.transpose() * B;
    const auto opened = numbers<std::uint32_t>(certificate, "opened-inputs");
    const auto classes = numbers<std::uint16_t>(certificate, "opened-classes");
    opened_.resize(static_cast<std::size_t>(inputs));
    for (std::size_t i = 0; i < opened.size(); ++i) opened_[opened[i]].push_back(classes[i]);
  }

  std::vector<Stage> run(unsigned threads) const {
    constexpr std::size_t batch = 256;
    const std::size_t inputs = features_.inputs(), batches = (inputs + batch - 1) / batch;
    std::vector<std::array<double, 3>> sums(batches);
    for_each_piece(batches, threads, [&](std::size_t i) {
      sums[i] = of_batch(static_cast<Index>(i * batch), static_cast<Index>(std::min(inputs, (i + 1) * batch)));
    });
    std::vector<Stage> stages = {
        {"", "", 0},
        {"signs", "the sign of what is left of the last map times what is left of the features", 0},
        {"norms", "the lengths of what is left in place of their product", 0}};
    for (const auto& of_batch : sums)
      for (std::size_t i = 0; i < stages.size(); ++i) stages[i].mean_loss += of_batch[i];
    for (Stage& stage : stages) stage.mean_loss /= static_cast<double>(inputs);
    return stages;
  }

private:
  std::array<double, 3> of_batch(Index from, Index to) const {
    const Index count = to - from, classes = features_.U.cols();
    MatrixD exact(count, classes), product(count, classes);
    const MatrixD h = features_.h.middleRows(from, count), left = left_.middleRows(from, count);
    set_product(exact, h, features_.U);
    set_product(product, left, rest_.transpose());
    for (Index i = 0; i < count; ++i) exact.row(i) += features_.s_of(from + i);
    const Eigen::RowVectorXd lengths = rest_.rowwise().norm().transpose();
    std::array<double, 3> result{};
    for (Index i = 0; i < count; ++i) {
      const Eigen::RowVectorXd z = exact.row(i), remainder = product.row(i);
      result[0] += loss(from + i, z, z);
      result[1] += loss(from + i, z, z - remainder + remainder.cwiseAbs());
      result[2] += loss(from + i, z, z - remainder + left.row(i).norm() * lengths);
    }
    return result;
  }

  double loss(Index input, const Eigen::RowVectorXd& exact, const Eigen::RowVectorXd& upper) const {
    const auto label = static_cast<Index>(features_.labels[static_cast<std::size_t>(input)]);
    Eigen::ArrayXd terms = upper.transpose().array() - exact[label];
    terms[label] = 0;
    for (const std::uint16_t one : opened_[static_cast<std::size_t>(input)]) terms[one] = exact[one] - exact[label];
    const double top = terms.maxCoeff();
    terms -= top;
    elementary::replace_by_exp(terms.data(), terms.size());
    return top + elementary::log(terms.sum());
  }

  networks::Network network_;
  Features features_;
  MatrixD rest_, left_;                            // R  [C x m], e'  [N x m]
  std::vector<std::vector<std::uint16_t>> opened_; // by input
};

} // namespace

std::vector<Stage> low_rank_stages(const Certificate& certificate, unsigned threads) {
  return Stages(certificate, threads).run(threads);
}

} // namespace proofmark
