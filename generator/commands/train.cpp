#include "commands.hpp"

namespace proofmark {

void add_train(CLI::App&) {}

} // namespace proofmark
