#include "history.hpp"

#include <fmt/format.h>

namespace proofmark {

void write_history(AtomicFile& file, const std::vector<double>& losses) {
  file.write("step,loss\n");
  for (std::size_t i = 0; i < losses.size(); ++i) file.write(fmt::format("{},{}\n", i + 1, losses[i]));
  file.commit();
}

} // namespace proofmark
