#include "low_rank/form.hpp"

#include "support/error.hpp"

#include <algorithm>

namespace proofmark::low_rank {

namespace {

using Part = networks::Network::Part;
using Block = networks::Block<networks::Matrices<double>>;

bool is_map(const Part& part) {
  return std::holds_alternative<Form::Map>(part);
}

bool ends_with_mlp(const networks::Network& network) {
  using Kind = networks::Pool::Kind;
  if (network.norm || network.blocks.empty()) return false;
  if (network.pool.kind != Kind::last && network.pool.kind != Kind::position) return false;
  const Block& last = network.blocks.back();
  return last.mlp && !(last.post && last.mlp->norm);
}

bool is_folded(const networks::Network& network, std::uint64_t position) {
  const Block& last = network.blocks.back();
  if (!last.attention || !last.attention->query || last.block_input || last.mlp->norm) return false;
  if (last.post && last.attention->norm) return false;
  const auto with_attention = std::count_if(network.blocks.begin(), network.blocks.end(),
                                            [](const Block& block) { return block.attention.has_value(); });
  const std::uint64_t seen = last.attention->causal ? position + 1 : network.positions;
  return with_attention == 1 && seen >= 2 && seen * last.attention->heads <= network.width;
}

} // namespace

Form form_of(const networks::Network& network) {
  Form form;
  form.classes = network.classes;
  if (network.readout.empty() || !is_map(network.readout.back()))
    throw Error(Exit::usage, "low-rank is about a last map, and the readout of this description does not end with one",
                "--strategy enumeration takes every description");
  const auto first = std::find_if(network.readout.rbegin(), network.readout.rend(), [](const Part& part) {
                       return !is_map(part);
                     }).base();
  form.position = network.pool.kind == networks::Pool::Kind::position ? network.pool.position : network.positions - 1;
  if (first != network.readout.begin()) {
    form.kind = Form::Kind::read_out;
  } else if (ends_with_mlp(network)) {
    form.kind = Form::Kind::mlp;
    form.folded = is_folded(network, form.position);
    form.maps.push_back(&network.blocks.back().mlp->out);
  }
  for (auto part = first; part != network.readout.end(); ++part) form.maps.push_back(&std::get<Form::Map>(*part));
  form.features = static_cast<std::uint64_t>(form.maps.front()->weight.rows());
  return form;
}

} // namespace proofmark::low_rank
