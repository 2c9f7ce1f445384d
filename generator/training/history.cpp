#include "training/history.hpp"

#include <fmt/format.h>

namespace proofmark {

void write_history(AtomicFile& file, const std::vector<double>& losses, Objective objective) {
  file.write("step,loss,objective\n");
  for (std::size_t i = 0; i < losses.size(); ++i)
    file.write(fmt::format("{},{},{}\n", i + 1, losses[i], name(objective)));
  file.commit();
}

} // namespace proofmark
