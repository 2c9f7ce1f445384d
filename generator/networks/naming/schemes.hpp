// How programs that people train with name the tensors of a network: one table a scheme.
#pragma once

#include "networks/description.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace proofmark::networks {

enum class Role {
  tokens,
  left, // of two operands
  right,
  positions,
  query,
  key,
  value,
  packed, // query, key and value, one below the other
  output,
  mlp_in,
  mlp_out,
  norm_1, // of attention
  norm_2, // of the MLP
  final_norm,
  readout,
};

struct Row {
  Role role;
  std::string_view
      names; // "(layers|blocks).#.ln1.weight": one of the words in brackets; # is the number of the block, or
             // of the map of a readout
  Layout layout = Layout::out_in;
};

struct Scheme {
  std::string_view name;
  std::string_view summary; // for --help
  std::span<const Row> rows;
  bool folds_norms = false;   // so that a norm may have no tensor
  bool post_norms = false;    // there may be norms after the addition
  bool scaled_scores = false; // the attention of the scheme has no other
  bool sums = false;          // the positions, and reads them out by two maps
};

std::span<const Scheme> schemes();
const Scheme* scheme_named(std::string_view); // null: there is none
std::vector<std::string> scheme_names();

} // namespace proofmark::networks
