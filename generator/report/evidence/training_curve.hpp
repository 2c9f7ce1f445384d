// The losses of a training run, read from the CSV that `train --history` writes. Nobody checked them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace proofmark {

struct TrainingCurve {
  std::string file, objective; // printable
  std::vector<double> losses;  // of steps 1, 2, ..; finite
};

// Throws Error: io when the file cannot be read, data when it is not such a CSV.
TrainingCurve read_training_curve(const std::filesystem::path&);

} // namespace proofmark
