// The points of the frontier: which certificates are made of a model, by name.
#pragma once

#include "networks/described_model.hpp"
#include "proofs/plan.hpp"

#include <string>
#include <vector>

namespace proofmark {

struct Point {
  std::string name; // of its files and its row: letters, digits, hyphens
  ProofOptions proof;
  bool by_default = true; // whether it is made when nobody asks for it by name
};

// Every point for such a model, in the order in which they are made; `common` has what all of them share (context,
// steps, threads).
std::vector<Point> frontier_points(const Shape&, const ProofOptions& common);

// Of a described network: of each strategy that takes it, at several lengths where it has a budget.
std::vector<Point> network_points(const networks::DescribedModel&, const FiniteTask&, const ProofOptions& common);

} // namespace proofmark
