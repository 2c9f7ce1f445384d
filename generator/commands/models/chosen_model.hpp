// What model a command was given, and with what task: one of a family, over its whole vocabulary, or a described network.
#pragma once

#include "models/model.hpp"
#include "networks/described_model.hpp"
#include "tasks/labelling.hpp"

#include <variant>

namespace proofmark {

// What the user says of the model and the task; what is empty or 0, the file says or needs not.
struct Question {
  std::string architecture, inputs, label;
  std::uint64_t context = 0;
  bool noise = false;
  bool described = false; // as a described network, though it is a model of a family
};

struct FamilyModel {
  Model model;
  std::uint64_t context = 0; // as asked, or as the description says; 0: as the model says
};
struct NetworkModel {
  networks::DescribedModel model;
  FiniteTask task;
};

// Throws Error (usage, data, io) where nothing says what the model computes or is to find.
std::variant<FamilyModel, NetworkModel> chosen_model(SafetensorsFile, const Question&);

} // namespace proofmark
