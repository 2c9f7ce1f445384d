// What a rule for described networks bounds the mean loss by when only some of what it leaves out is left out, one thing after the
// other, in doubles: the first stage is the exact loss, the last the rule's bound. Differences say what each thing costs.
#pragma once

#include "certificates/certificate.hpp"

#include <optional>
#include <string>
#include <vector>

namespace proofmark {

struct Stage {
  std::string kind, what; // that this stage leaves out beyond the one before; of the first, the exact loss, empty
  double mean_loss;
};

std::vector<Stage> block_table_stages(const Certificate&, unsigned threads);
std::vector<Stage> low_rank_stages(const Certificate&, unsigned threads);

} // namespace proofmark
