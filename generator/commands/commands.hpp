// Every command adds itself to the command line and keeps its own options. command_line.cpp only collects,
// parses and reports.
#pragma once

namespace CLI {
class App; // the library's header takes seconds to compile: only those who use it include it
}

namespace proofmark {

void add_train(CLI::App&);
void add_prove(CLI::App&);
void add_frontier(CLI::App&);
void add_report(CLI::App&);
void add_archive(CLI::App&);

} // namespace proofmark
