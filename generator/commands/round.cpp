// proofmark round: a network's tables of tokens, rounded to blocks. What comes out is another network, and says so.

#include "block_tables/rounding.hpp"
#include "commands/commands.hpp"
#include "enumeration/batch_sum.hpp"
#include "enumeration/length.hpp"
#include "families/described_model.hpp"
#include "files/atomic_file.hpp"
#include "files/places.hpp"
#include "models/model_file.hpp"
#include "models/tensors.hpp"
#include "networks/described_model.hpp"
#include "networks/tasks/fitting.hpp"
#include "networks/tasks/spelled.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/messages.hpp"
#include "support/parallel.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <thread>
#include <unistd.h>

namespace proofmark {

namespace {

struct Options {
  std::string model, architecture, inputs, label, output;
  block_tables::Grouping grouping{.gap = 0.15, .slack = 2};
  unsigned threads = 1;
  bool json = false;
};

// As far as doubles tell.
struct Performance {
  double loss = 0;
  std::uint64_t correct = 0;
};
Performance performance(const networks::Network& network, const FiniteTask& task, unsigned threads) {
  const auto inputs = static_cast<std::uint64_t>(size_of(task.domain));
  const std::uint64_t size = enumeration::batch_size, batches = (inputs + size - 1) / size;
  std::vector<enumeration::BatchSum> sums(batches);
  for_each_piece(batches, threads, [&](std::size_t i) {
    sums[i] = enumeration::batch_sum(network, task, i * size, std::min(inputs, (i + 1) * size), 0);
  });
  Performance result;
  Rational loss;
  for (const enumeration::BatchSum& sum : sums) loss += sum.loss, result.correct += sum.correct;
  result.loss = Rational(loss / inputs).convert_to<double>();
  return result;
}

struct Rounded {
  std::vector<block_tables::RoundedTable> tables;
  std::string from, sha256;
  std::uint64_t inputs = 0;
  std::optional<Performance> before, after; // where it is known what the network is to find

  bool is_changed() const { return sha256 != from; }
};

std::string counted(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string partitions(const block_tables::RoundedTable& table) {
  if (table.partitions == 0) return "no partition";
  return fmt::format("{} of {}{}", counted(table.partitions, "partition"),
                     table.least == table.most ? "" : fmt::format("{} to ", table.least), counted(table.most, "block"));
}

std::string text(const Rounded& rounded, const Options& options) {
  std::string result =
      rounded.is_changed()
          ? fmt::format("another network than {}: tables of tokens are rounded to blocks\n",
                        printable(options.model, std::string::npos))
          : fmt::format("nothing was rounded: every column is its blocks' means already; the network is that of {}\n",
                        printable(options.model, std::string::npos));
  for (const block_tables::RoundedTable& table : rounded.tables)
    result +=
        fmt::format("{}: {}, {}; {:.2g} of what its entries vary is gone\n", printable(table.tensor, std::string::npos),
                    counted(table.tokens, "token"), partitions(table), table.off);
  if (rounded.before)
    result += fmt::format("loss {:.6g} nats, it was {:.6g}; right on {} of all {} inputs, it was {}; as far as doubles "
                          "can tell\n",
                          rounded.after->loss, rounded.before->loss, rounded.after->correct, rounded.inputs,
                          rounded.before->correct);
  return result +
         fmt::format("model {}, model digest {}\n", printable(options.output, std::string::npos), rounded.sha256);
}

nlohmann::ordered_json json(const Rounded& rounded, const Options& options) {
  nlohmann::ordered_json tables = nlohmann::ordered_json::array();
  for (const block_tables::RoundedTable& table : rounded.tables)
    tables.push_back({{"tensor", table.tensor},
                      {"tokens", table.tokens},
                      {"partitions", table.partitions},
                      {"least_blocks", table.least},
                      {"most_blocks", table.most},
                      {"off", table.off}});
  nlohmann::ordered_json result = {
      {"model", options.output}, {"model_sha256", rounded.sha256}, {"rounded_from", rounded.from}, {"tables", tables}};
  if (rounded.before)
    result.update({{"inputs", rounded.inputs},
                   {"loss", rounded.after->loss},
                   {"loss_before", rounded.before->loss},
                   {"correct", rounded.after->correct},
                   {"correct_before", rounded.before->correct}});
  return result;
}

void run(const Options& options) {
  require_apart({{"the model", options.model}, {"--architecture", options.architecture}},
                {{"--output", options.output}});
  if (options.json && options.output == "-")
    throw Error(Exit::usage, "--json prints on standard output, which has the model already",
                "write the model to a file");
  if (options.output == "-" && isatty(STDOUT_FILENO) == 1)
    throw Error(Exit::usage, "a model is binary, and standard output is a terminal", "name a file");
  SafetensorsFile file = read_model_file(options.model);
  const auto description = stated_description(file, options.architecture);
  if (!description) throw not_described();
  const networks::DescribedModel model = networks::model_of(*description, file);
  const std::string inputs = networks::given_or_stored(options.inputs, file, inputs_key),
                    label = networks::given_or_stored(options.label, file, label_key);
  FiniteTask task{inputs.empty() ? networks::every_token(model.network) : parse_inputs(inputs), {}};
  networks::require_tokens(task.domain, model.network);
  Rounded rounded;
  rounded.from = model.sha256;
  if (!label.empty()) {
    task.label = parse_label(label, task.domain);
    require_labels(task, model.network.classes);
  }
  rounded.tables = block_tables::round_to_blocks(file, *description, task.domain, options.grouping);
  AtomicFile output(options.output);
  const networks::DescribedModel made = networks::model_of(*description, file);
  rounded.sha256 = made.sha256;
  if (!label.empty()) {
    rounded.inputs = static_cast<std::uint64_t>(size_of(task.domain));
    rounded.before = performance(model.network, task, options.threads);
    rounded.after = performance(made.network, task, options.threads);
  }
  file.metadata[architecture_key] = description->text;
  if (rounded.is_changed())
    file.metadata["proofmark.rounded"] = fmt::format(
        "to means of blocks, gaps of {} standard deviations, from the model {}", options.grouping.gap, rounded.from);
  write_safetensors(output, std::move(file));
  (options.output == "-" ? say : print)(options.json ? json_text(json(rounded, options)) : text(rounded, options));
}

} // namespace

Command round_command() {
  const auto options = std::make_shared<Options>();
  options->threads = std::max(1u, std::thread::hardware_concurrency());
  return {
      "round",
      "Round a network's tables of tokens to blocks: another network, which has a short proof.",
      {required(text("", "MODEL", options->model,
                     "a network act(L[x] + R[y]) U + b, a safetensors file; - for standard input"))},
      {
          text("--architecture", "FILE", options->architecture, "its description (default: the file's metadata)"),
          text("--inputs", "SPEC", options->inputs,
               "its inputs, one range or token a position (default: the metadata, or every token)"),
          text("--label", "NAME", options->label,
               "what it is to find: then the losses before and after are said (default: the metadata)"),
          real("--gap", options->grouping.gap, false,
               "a block ends where a column, sorted, leaves out more than so many of its standard deviations"),
          threads(options->threads, "default: every core; the model does not depend on them"),
          flag("--json", options->json, "print what was rounded as JSON instead of text"),
          required(
              text("--output", "FILE", options->output, "where the model goes (safetensors); - is standard output")),
      },
      R"(The columns of such a network's tables take few values, nearly. Each entry is replaced by the mean of its block, and
--strategy block-tables then proves the loss of the network that comes out with nothing given away. It is not the network
that was trained: its file says so (proofmark.rounded), its digest is another, and what is proved of it is proved of it
alone. Description and metadata stay.

examples:
  proofmark round s5.safetensors --output s5-rounded.safetensors
  proofmark prove s5-rounded.safetensors --strategy block-tables --output s5-rounded.cert.json
)",
      [options](const Given&) { run(*options); }};
}

} // namespace proofmark
