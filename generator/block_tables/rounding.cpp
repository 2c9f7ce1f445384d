#include "block_tables/rounding.hpp"

#include "networks/stored_map.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace proofmark::block_tables {

namespace {

using networks::Network;

Tensor& tensor_of(SafetensorsFile& file, const std::string& name) {
  return *std::find_if(file.tensors.begin(), file.tensors.end(),
                       [&](const Tensor& tensor) { return tensor.name == name; });
}

// Where the entries of a table of tokens lie in their tensor, whatever its layout: the table of a tensor that counts its elements.
networks::Matrices<double>::Table places_of(const Tensor& tensor, networks::NamedMap map) {
  std::vector<double> count(tensor.bytes.size() / size_of(tensor.dtype));
  for (std::size_t i = 0; i < count.size(); ++i) count[i] = static_cast<double>(i);
  Tensor counting{tensor.name, DType::float64, tensor.shape, std::vector<std::uint8_t>(count.size() * sizeof(double))};
  std::memcpy(counting.bytes.data(), count.data(), counting.bytes.size());
  map.bias.reset();
  return networks::stored_map(map, {.place = "embedding.tokens", .in = {}, .out = {}}, counting, nullptr).weight;
}

template <class Element>
void store(Tensor& tensor, std::size_t at, double x) {
  const auto element = static_cast<Element>(x);
  std::memcpy(tensor.bytes.data() + at * sizeof(Element), &element, sizeof(Element));
}
void store(Tensor& tensor, double place, double x) {
  const auto at = static_cast<std::size_t>(place);
  tensor.dtype == DType::float64 ? store<double>(tensor, at, x) : store<float>(tensor, at, x);
}

void require_rounded(const Network& network, const Domain& domain) {
  if (const std::string reason = why_not(network, domain); !reason.empty())
    throw Error(Exit::usage, fmt::format("only networks act(L[x] + R[y]) U + b are rounded to blocks, and {}", reason),
                "see --strategy block-tables in 'proofmark prove --help'");
  if (!std::holds_alternative<networks::Activation>(network.readout.front()))
    throw Error(Exit::usage, "between the tables of tokens and the activation there are maps",
                "store the tables times these maps, as 'proofmark train --family mlp' does");
}

std::vector<RoundedTable> rounded(SafetensorsFile& file, const networks::Description& description, const Domain& domain,
                                  Grouping how, const std::vector<bool>& live) {
  const Network network = networks::network(description, file);
  std::vector<RoundedTable> result;
  for (std::size_t t = 0; t < description.tokens.size(); ++t) {
    const networks::NamedMap& map = description.tokens[t];
    const auto same = [&](const networks::NamedMap& other) {
      return other.weight == map.weight && other.index == map.index && other.rows == map.rows &&
             other.columns == map.columns;
    };
    if (std::any_of(description.tokens.begin(), description.tokens.begin() + static_cast<std::ptrdiff_t>(t), same))
      continue; // it is rounded
    TokenRange range = domain.ranges[t];
    for (std::size_t p = 0; p < domain.positions; ++p)
      if (same(description.tokens[description.tokens.size() == 1 ? 0 : p]))
        range = {std::min(range.from, domain.ranges[p].from), std::max(range.to, domain.ranges[p].to)};
    Tensor& tensor = tensor_of(file, map.weight);
    if (tensor.dtype != DType::float32 && tensor.dtype != DType::float64)
      throw Error(
          Exit::data,
          fmt::format("tensor {} has elements of type {}, expected F32 or F64", in_quotes(tensor.name),
                      safetensors_name(tensor.dtype)),
          "a mean of blocks is rounded to the type of the table: convert it first, for example with model.float()");
    const auto first = static_cast<Eigen::Index>(range.from), rows = static_cast<Eigen::Index>(range.to - range.from);
    const MatrixD columns = network.tokens[t].weight.middleRows(first, rows);
    const MatrixD places = places_of(tensor, map).middleRows(first, rows);
    const Side side = groups(columns, live, how);
    const MatrixD left = remainders(columns, side);
    const MatrixD varying = columns.rowwise() - columns.colwise().mean();
    RoundedTable table{tensor.name, static_cast<std::size_t>(rows),
                       0,           0,
                       0,           std::sqrt(left.squaredNorm() / std::max(varying.squaredNorm(), 0x1p-1000))};
    for (const Group& group : side) {
      const MatrixD mean = means(columns, group);
      for (Eigen::Index i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < group.neurons.size(); ++j)
          store(tensor, places(i, group.neurons[j]),
                mean(group.blocks[static_cast<std::size_t>(i)], static_cast<Eigen::Index>(j)));
      if (group.count == 1) continue;
      ++table.partitions;
      table.least = table.least == 0 ? group.count : std::min<std::size_t>(table.least, group.count);
      table.most = std::max<std::size_t>(table.most, group.count);
    }
    result.push_back(std::move(table));
  }
  return result;
}

} // namespace

std::vector<RoundedTable> round_to_blocks(SafetensorsFile& file, const networks::Description& description,
                                          const Domain& domain, Grouping how) {
  const Network network = networks::network(description, file);
  require_rounded(network, domain);
  std::vector<bool> live = live_neurons(additive(network, domain));
  while (
      true) { // a neuron that matters no more when it is rounded is a constant, too: so a proof finds the same groups
    SafetensorsFile made = file;
    std::vector<RoundedTable> result = rounded(made, description, domain, how, live);
    const std::vector<bool> still = live_neurons(additive(networks::network(description, made), domain));
    bool same = true;
    for (std::size_t j = 0; j < live.size(); ++j)
      if (live[j] && !still[j]) live[j] = same = false;
    if (!same) continue;
    file = std::move(made);
    return result;
  }
}

} // namespace proofmark::block_tables
