// What `proofmark frontier` was asked for, and what its three ways of working share: the list of points, the points of one model,
// and those of models that it trains.
#pragma once

#include "commands/models/chosen_model.hpp"
#include "commands/training/network_choice.hpp"
#include "commands/training/training_choice.hpp"
#include "frontier/frontier.hpp"

#include <string>
#include <vector>

namespace proofmark {

struct FrontierCommand {
  ProofOptions proof; // what all points share
  std::string model;
  std::string seeds;       // in place of a model: train some ..
  TrainingChoice training; // .. like this
  NetworkChoice network;   // .. or described ones; of one model, too: its description, inputs and label
  std::vector<std::string> points, strategies;
  bool list = false, json = false;
  std::string verifier;
  std::string output;
};

// Throws Error (usage) when none of the points can be proved: then nothing is begun.
Selected request(const Subject&, const FrontierCommand&);

void list_points(const Subject&, bool json);
void run_over_seeds(FrontierCommand, const Given&);

void make_folder(const std::filesystem::path&); // throws Error (io)
Folder folder(const std::string& output);       // with its folders made

// Throws Error (not_verified) that says which proofs were not.
void require_verified(const std::string& unverified);
std::string unverified_points(const Frontier&);

} // namespace proofmark
