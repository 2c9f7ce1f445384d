// proofmark task: the labels that a task may have, and what each is.

#include "commands/commands.hpp"
#include "networks/tasks/spelled.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/joined.hpp"
#include "support/messages.hpp"
#include "support/spelling.hpp"
#include "tasks/labelling.hpp"

#include <fmt/format.h>

#include <memory>

namespace proofmark {

namespace {

constexpr std::string_view table_name = "table", table_words = "as a file says: table:FILE, a CSV of tokens and label";

std::string parameter_in_words(const Labels& labels) {
  return in_words(labels, std::string(labels.parameter.name));
}

std::string list() {
  std::string text = "The label of an input, by --label of prove, train and evaluate:\n";
  for (const Labels* labels : all_labels())
    text += fmt::format("  {:<20}{}\n", labels->example, parameter_in_words(*labels));
  text += fmt::format("  {:<20}{}\n", "table:FILE", table_words);
  return text + "'@0,1' after any of them: it reads positions 0 and 1 alone, in that order.\n"
                "'proofmark task NAME' explains one.\n";
}

std::string tokens_in_words(const Labels& labels) {
  if (labels.least_tokens == labels.most_tokens) return fmt::format("{} tokens", labels.least_tokens);
  return fmt::format("{} token{} or more", labels.least_tokens, labels.least_tokens == 1 ? "" : "s");
}

std::string explained(const Labels& labels) {
  const Labelling label = parse_label(std::string(labels.example), {labels.of_example.size(), {}});
  std::string text = fmt::format("{}: {}\n\n", labels.name, parameter_in_words(labels));
  text +=
      fmt::format("of the tokens a_0 .. a_(k-1) that it reads ({}):\n  {}\n", tokens_in_words(labels), labels.formula);
  if (!labels.parameter.name.empty())
    text += fmt::format("{}: {} to {}\n", labels.parameter.name, labels.parameter.least, labels.parameter.most);
  if (!labels.undefined.empty()) text += fmt::format("an input is refused that {}\n", labels.undefined);
  return text + fmt::format("\nexample: --label {} of {} is {}\n", labels.example, joined(labels.of_example, ","),
                            *label_of(label, 0, labels.of_example));
}

std::string explained_table() {
  return fmt::format("{}: {}\n\nA row of the file has the tokens of an input and then its label, whole numbers between "
                     "commas. Each input stands in\n"
                     "it once; every input of the task needs a row. With '@0,1' after its name, the tokens of a row "
                     "are those at positions\n"
                     "0 and 1.\n\nexample: the file xor.csv with the rows 0,0,0 and 0,1,1 and 1,0,1 and 1,1,0: --label "
                     "table:xor.csv of 1,0 is 1\n",
                     table_name, table_words);
}

void run(const std::string& given) {
  if (given.empty()) return print(list());
  const std::string name = given.substr(0, given.find_first_of(":@"));
  if (name == table_name) return print(explained_table());
  if (const Labels* labels = labels_named(name)) return print(explained(*labels));
  std::vector<std::string> known = label_names();
  known.emplace_back(table_name);
  throw Error(Exit::usage, "there is no label " + in_quotes(name), spelling_hint(name, known, "labels"));
}

} // namespace

Command task_command() {
  const auto name = std::make_shared<std::string>();
  return {"task",
          "List what models may be asked to find, or explain one label.",
          {text("", "NAME", *name, "a label; without it, all are listed")},
          {},
          R"(examples:
  proofmark task
  proofmark task induction
)",
          [name](const Given&) { run(*name); }};
}

} // namespace proofmark
