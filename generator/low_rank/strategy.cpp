// --strategy low-rank: the last map by few rows, the rest by its norm (docs/rules/any/low-rank.md).

#include "strategies/strategy.hpp"
#include "enumeration/batch_sum.hpp"
#include "low_rank/search.hpp"
#include "low_rank/stored.hpp"
#include "opened/declared.hpp"
#include "support/error.hpp"
#include "support/parallel.hpp"

#include <fmt/format.h>

#include <cmath>

namespace proofmark {

namespace {

using namespace low_rank;
using networks::DescribedModel;

const Rational usual_share(15, 100); // of every input by itself, where no budget is given

void check(const DescribedModel& model, const FiniteTask& task, const StrategyOptions& options) {
  constexpr double most_numbers = 2.5e8; // 2 GB: of features, what tables leave of them, logits
  const Form form = form_of(model.network);
  const std::uint64_t most = std::min(form.features, form.classes);
  if (options.rank && *options.rank > most)
    throw Error(Exit::usage,
                fmt::format("--rank {} is more than the {} dimensions of the last map", *options.rank, most),
                "leave it out: the search finds one");
  const double inputs = size_of(task.domain).convert_to<double>();
  if (inputs * static_cast<double>(5 * form.features + 2 * form.classes) > most_numbers)
    throw Error(Exit::usage,
                fmt::format("{} inputs with {} features and {} logits each are more than low-rank holds in memory",
                            size_of(task.domain).str(), form.features, form.classes),
                "--strategy enumeration takes them; --inputs takes fewer");
}

Integer length(const DescribedModel& model, const FiniteTask& task, const StrategyOptions&, const Stated& stated) {
  const Form form = form_of(model.network);
  const Length lengths(model.network, form, task.domain, stated);
  const auto inputs = static_cast<std::uint64_t>(size_of(task.domain));
  return std::max(lengths.tables({}) + lengths.step(0, inputs, {}, 0),
                  numerator(usual_share) * enumeration::unshared_length(model.network, inputs) /
                      denominator(usual_share));
}

double seconds(const DescribedModel& model, const FiniteTask& task, const Integer& length) {
  constexpr double of_an_operation = 2e-9, of_a_search = 2;
  const double logits = (Integer(model.network.classes) * size_of(task.domain)).convert_to<double>();
  return of_an_operation * (length.convert_to<double>() + 1000 * logits) + of_a_search;
}

Error beyond(const NetworkAssignment& asked, const Integer& least) {
  const Integer whole = enumeration::unshared_length(asked.model.network, size_of(asked.task.domain)),
                certificate = least + most_of_conclusion(asked.steps.size());
  const double share = certificate.convert_to<double>() / whole.convert_to<double>();
  return Error(Exit::usage,
               fmt::format("--budget {}: the shortest proof by low-rank that was found takes {} operations",
                           asked.options.budget->text, certificate.str()),
               fmt::format("that is --budget {:.4f}, of every input computed by itself", std::ceil(share * 1e4) / 1e4));
}

// By step, in pieces.
std::vector<opened::Declared> declared(const NetworkAssignment& asked, const Features& features, const Bounds& bounds,
                                       std::span<const opened::Pair> pairs, double blur) {
  constexpr std::uint64_t at_once = 1024;
  struct Piece {
    std::size_t step;
    InputRange range;
  };
  std::vector<Piece> pieces;
  for (std::size_t step = 0; step < asked.steps.size(); ++step)
    for (std::uint64_t at = asked.steps[step].from; at < asked.steps[step].to; at += at_once)
      pieces.push_back({step, {at, std::min(asked.steps[step].to, at + at_once)}});
  std::vector<opened::Declared> parts(pieces.size());
  for_each_piece(
      pieces.size(), asked.threads,
      [&](std::size_t i) {
        const InputRange& range = pieces[i].range;
        std::vector<std::size_t> inputs;
        for (std::uint64_t input = range.from; input < range.to; ++input) inputs.push_back(input);
        Ends ends = bounds.of(inputs);
        const auto classes = static_cast<std::size_t>(ends.upper.cols());
        for (auto pair = std::lower_bound(pairs.begin(), pairs.end(), opened::Pair{range.from, 0});
             pair != pairs.end() && pair->input < range.to; ++pair) {
          const auto row = static_cast<Eigen::Index>(pair->input - range.from);
          ends.upper(row, pair->one) = ends.lower(row, pair->one) = ends.exact(row, pair->one);
        }
        for (std::size_t row = 0; row < inputs.size(); ++row)
          parts[i].add({ends.lower.data() + row * classes, classes}, {ends.upper.data() + row * classes, classes},
                       features.labels[inputs[row]], bounds.room(inputs[row], blur));
      },
      [&](std::size_t done) {
        if (asked.progress) asked.progress(0.9 + 0.1 * static_cast<double>(done) / static_cast<double>(pieces.size()));
      });
  std::vector<opened::Declared> result(asked.steps.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) result[pieces[i].step].add(parts[i]);
  return result;
}

Witnesses witnesses(const Found& found) {
  Witnesses result = opened::witnesses(found.opened);
  const Basis& basis = found.basis;
  const auto k = static_cast<std::uint64_t>(basis.rows.rows());
  if (k > 0) {
    result["basis"] = stored(basis.rows);
    result["metric"] = witness<double>({k, k}, {basis.metric.data(), static_cast<std::size_t>(basis.metric.size())});
  }
  const Tables& tables = found.tables;
  if (tables.labellings.empty()) return result;
  std::vector<std::uint16_t> labels;
  std::vector<std::uint32_t> counts;
  MatrixD rows(static_cast<Eigen::Index>(tables.all_rows()), tables.rest.cols());
  Eigen::Index at = 0;
  for (std::size_t i = 0; i < tables.rows.size(); ++i) {
    labels.insert(labels.end(), tables.labellings[i].labels.begin(), tables.labellings[i].labels.end());
    counts.push_back(static_cast<std::uint32_t>(tables.rows[i].rows()));
    rows.middleRows(at, tables.rows[i].rows()) = tables.rows[i];
    at += tables.rows[i].rows();
  }
  const std::uint64_t q = counts.size();
  result["labels"] = witness<std::uint16_t>({q, labels.size() / q}, labels);
  result["label-counts"] = witness<std::uint32_t>({q}, counts);
  result["label-tables"] = stored(rows);
  return result;
}

explanations::LowRank explanation(const Found& found, explanations::LowRank said) {
  said.rank = found.rank;
  said.keep = found.keep;
  said.labellings = found.tables.labellings;
  return said;
}

std::map<std::string, std::string> parameters(const Found& found) {
  std::string labellings;
  for (const NamedLabelling& labelling : found.tables.labellings)
    labellings += (labellings.empty() ? "" : " ") + labelling.name;
  return {{"rank", std::to_string(found.rank)},
          {"entries", std::to_string(found.basis.entries)},
          {"labellings", labellings.empty() ? "none" : labellings},
          {"opened", std::to_string(found.opened.size())}};
}

NetworkFindings find(const NetworkAssignment& asked) {
  const networks::Network& network = asked.model.network;
  const Form form = form_of(network);
  const Length lengths(network, form, asked.task.domain, asked.stated);
  const double blur = enumeration::blur(network, asked.task, enumeration::some_inputs(asked.task.domain));
  if (!std::isfinite(blur))
    throw Error(Exit::data, "logits are too large to be compared in doubles", "--strategy enumeration encloses them");
  const auto part_of_progress = [&](double from, double to) {
    return [=, &asked](double done) {
      if (asked.progress) asked.progress(from + (to - from) * done);
    };
  };
  const Features features = features_of(network, form, asked.task, asked.threads, part_of_progress(0, 0.05));
  if (!features.h.allFinite() || !features.s.allFinite())
    throw Error(Exit::data, "the features of an input are beyond what doubles hold",
                "its scores or weights are too large");
  const auto* const given = std::get_if<explanations::LowRank>(&asked.explanation);
  const explanations::LowRank said = given ? *given : explanations::LowRank();
  Integer apart;
  for (const InputRange& range : asked.steps) apart += lengths.features(range.from, range.to);
  const Integer usual =
      numerator(usual_share) * enumeration::unshared_length(network, features.inputs()) / denominator(usual_share);
  auto outcome = search({.features = features,
                         .length = lengths,
                         .task = asked.task,
                         .options = asked.options,
                         .said = said,
                         .apart = apart,
                         .budget = asked.budget,
                         .usual = usual,
                         .loss = asked.stated.loss,
                         .blur = blur,
                         .threads = asked.threads,
                         .progress = part_of_progress(0.05, 0.9)});
  if (const auto* const too_long = std::get_if<Beyond>(&outcome)) throw beyond(asked, too_long->least);
  const Found& found = std::get<Found>(outcome);
  const Bounds bounds(features, found.tables, found.basis);
  NetworkFindings result;
  const std::vector<opened::Declared> steps = declared(asked, features, bounds, found.opened, blur);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    StepFindings step = steps[i].findings();
    const auto at = [&](std::uint64_t input) {
      return std::lower_bound(found.opened.begin(), found.opened.end(), opened::Pair{input, 0});
    };
    const InputRange& range = asked.steps[i];
    step.operations =
        lengths.step(range.from, range.to, found.sizes(), static_cast<std::uint64_t>(at(range.to) - at(range.from)));
    result.undecided += step.most - step.least;
    result.steps.push_back(std::move(step));
  }
  result.tables = lengths.tables(found.sizes());
  result.witnesses = witnesses(found);
  result.engine = "doubles";
  result.parameters = parameters(found);
  result.explanation = explanation(found, said);
  return result;
}

} // namespace

const NetworkStrategy low_rank_strategy = {
    .name = "low-rank",
    .rule = "low-rank@1",
    .summary = "the last map by few rows and tables: exact accuracy, loss from both sides, margin",
    .takes = {"budget", "rank", "open"},
    .explained_by = 1,
    .check = check,
    .unit = [](const FiniteTask&) { return enumeration::batch_size; },
    .length = length,
    .seconds = seconds,
    .find = find,
};

} // namespace proofmark
