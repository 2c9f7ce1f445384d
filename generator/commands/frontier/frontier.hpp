// What `proofmark frontier` was asked for, and what its three ways of working share: the list of points, the points of one model,
// and those of models that it trains.
#pragma once

#include "commands/training_choice.hpp"
#include "frontier/frontier.hpp"

#include <string>
#include <vector>

namespace proofmark {

struct FrontierCommand {
  ProofOptions proof; // what all points share
  std::string model;
  std::string seeds;       // in place of a model: train some ..
  TrainingChoice training; // .. like this
  std::vector<std::string> points, strategies;
  bool list = false, json = false;
  std::string verifier;
  std::string output;
};

// What is to be made of a model.
struct FrontierRequest {
  Shape shape;
  std::vector<Point> points;
  Selected selected;
};

// Throws Error (usage) when none of the points can be proved: then nothing is begun.
FrontierRequest request(const Shape&, const FrontierCommand&);

void list_points(const FrontierRequest&, bool json);
void run_over_seeds(FrontierCommand);

void make_folder(const std::filesystem::path&); // throws Error (io)
Folder folder(const std::string& output);       // with its folders made

// Throws Error (not_verified) that says which proofs were not.
void require_verified(const std::string& unverified);
std::string unverified_points(const Frontier&);

} // namespace proofmark
