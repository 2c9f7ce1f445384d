#include "low_rank/features.hpp"

#include "networks/evaluate.hpp"

namespace proofmark::low_rank {

namespace {

using networks::Network;
using Norm = networks::Norm<networks::Matrices<double>>;

networks::Inputs inputs_of(const FiniteTask& task, std::vector<Token>& labels) {
  const std::uint64_t n = task.domain.positions;
  const auto count = static_cast<std::size_t>(size_of(task.domain));
  networks::Inputs inputs{std::vector<std::vector<Token>>(n, std::vector<Token>(count))};
  std::vector<Token> input(n);
  for (std::size_t i = 0; i < count; ++i) {
    input_at(task.domain, i, input);
    for (std::size_t p = 0; p < n; ++p) inputs.tokens[p][i] = input[p];
    labels.push_back(static_cast<Token>(label_of(task.label, i, input).value()));
  }
  return inputs;
}

MatrixD read_out(const Network& network, const networks::Inputs& inputs, unsigned threads,
                 const std::function<void(double)>& progress) {
  networks::Matrix<double> rows = networks::logits<double>(network, inputs, threads, progress);
  return Eigen::Map<const MatrixD>(rows.entries.data(), static_cast<Eigen::Index>(rows.rows),
                                   static_cast<Eigen::Index>(rows.columns));
}

// The network whose logits are h.
Network up_to_features(const Network& network, const Form& form) {
  Network result = network;
  result.classes = form.features;
  result.readout.resize(network.readout.size() -
                        (form.kind == Form::Kind::mlp ? network.readout.size() : form.maps.size()));
  if (form.kind != Form::Kind::mlp) return result;
  auto& block = result.blocks.back();
  const auto mlp = *block.mlp;
  if (!block.post && mlp.norm) result.readout.emplace_back(*mlp.norm);
  result.readout.emplace_back(mlp.in), result.readout.emplace_back(mlp.activation);
  if (block.block_input)
    result.blocks.pop_back();
  else
    block.mlp.reset();
  return result;
}

// The network whose logits are s, the constant apart: the residual, read out.
Network of_residual(const Network& network) {
  Network result = network;
  result.blocks.back().mlp.reset();
  for (auto& part : result.readout) std::get<Form::Map>(part).bias.reset();
  return result;
}

struct LastMaps {
  MatrixD weight;
  Eigen::RowVectorXd constant;
};

LastMaps last_maps(const Form& form) {
  LastMaps result{form.maps.back()->weight, Eigen::RowVectorXd::Zero(static_cast<Eigen::Index>(form.classes))};
  if (form.maps.back()->bias) result.constant = *form.maps.back()->bias;
  for (std::size_t i = form.maps.size() - 1; i-- > 0;) {
    const Form::Map& map = *form.maps[i];
    if (map.bias) result.constant += *map.bias * result.weight;
    MatrixD next(map.weight.rows(), result.weight.cols());
    set_product(next, map.weight, result.weight);
    result.weight = std::move(next);
  }
  return result;
}

} // namespace

Features features_of(const Network& network, const Form& form, const FiniteTask& task, unsigned threads,
                     const std::function<void(double)>& progress) {
  Features result;
  const networks::Inputs inputs = inputs_of(task, result.labels);
  result.h = read_out(up_to_features(network, form), inputs, threads, progress);
  LastMaps maps = last_maps(form);
  result.U = maps.weight.colwise() - maps.weight.rowwise().mean();
  result.s =
      form.has_residual() ? read_out(of_residual(network), inputs, threads, {}) : MatrixD(1, maps.constant.size());
  if (!form.has_residual()) result.s.setZero();
  result.s.rowwise() += maps.constant;
  return result;
}

} // namespace proofmark::low_rank
