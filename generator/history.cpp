#include "history.hpp"

#include <fmt/format.h>

namespace proofmark {

void write_history(AtomicFile& file, const Training& training) {
  file.write("step,loss,objective\n");
  for (std::size_t i = 0; i < training.losses.size(); ++i)
    file.write(fmt::format("{},{},{}\n", i + 1, training.losses[i], name(training.objective(i))));
  file.commit();
}

} // namespace proofmark
