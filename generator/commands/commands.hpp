// Every command adds itself to the command line and keeps its own options. main.cpp only collects, parses and
// reports.
#pragma once

#include <CLI/CLI.hpp>

namespace proofmark {

void add_train(CLI::App&);
void add_prove(CLI::App&);

} // namespace proofmark
