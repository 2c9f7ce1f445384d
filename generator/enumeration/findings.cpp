#include "enumeration/findings.hpp"

#include "numbers/grid.hpp"
#include "support/error.hpp"
#include "support/parallel.hpp"

#include <algorithm>
#include <cmath>

namespace proofmark::enumeration {

namespace {

// The verifier's reference engine decides up to so many inputs of a step one by one.
constexpr std::size_t most_decided = 1024;

// An enclosure of every loss, where the mean of what doubles lose would be more than the first and the reference engine takes no more
// than the second.
constexpr double wide_mean = 8e-12;
constexpr double most_operations_of_reference = 3e7; // ten seconds

// Margins of single inputs in enclosures: all of them together not more than some seconds.
constexpr double most_operations_enclosed = 3e7;

Rational end_of(mpfr_srcptr x) {
  Rational result;
  mpfr_get_q(result.backend().data(), x);
  return result;
}
Rational lower_of(const Interval& x) {
  return end_of(x.backend().left_data());
}
Rational upper_of(const Interval& x) {
  return end_of(x.backend().right_data());
}

// ---- batches ---------------------------------------------------------------------------------------------------------

struct Piece {
  std::size_t step;
  InputRange range;
};

std::vector<Piece> pieces_of(const std::vector<InputRange>& steps) {
  std::vector<Piece> pieces;
  for (std::size_t step = 0; step < steps.size(); ++step)
    for (std::uint64_t at = steps[step].from; at < steps[step].to;) {
      const std::uint64_t end = std::min(steps[step].to, (at / batch_size + 1) * batch_size);
      pieces.push_back({step, {at, end}});
      at = end;
    }
  return pieces;
}

// By piece, on threads; the work reports its progress from one share to another.
template <class Result>
std::vector<Result> of_each(const Work& work, const std::vector<Piece>& pieces, double from, double to,
                            const std::function<Result(std::size_t)>& find) {
  std::vector<Result> results(pieces.size());
  for_each_piece(
      pieces.size(), work.threads, [&](std::size_t i) { results[i] = find(i); },
      [&](std::size_t done) {
        const double share = static_cast<double>(done) / static_cast<double>(pieces.size());
        if (work.progress) work.progress(from + (to - from) * share);
      });
  return results;
}

struct StepSum {
  InputRange range;
  Rational loss;
  double weight = 0;
  std::uint64_t correct = 0;
  std::optional<double> margin;
  std::vector<NearInput> near;
  std::uint64_t worst = 0;
  double largest_loss = -1, blur = 0; // of the inputs that tell how much the sum loses

  std::uint64_t inputs() const { return range.to - range.from; }
};

std::vector<StepSum> sums_of(const Work& work, const std::vector<Piece>& pieces, const std::vector<BatchSum>& batches) {
  std::vector<StepSum> steps(work.steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) steps[i].range = work.steps[i];
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    StepSum& step = steps[pieces[i].step];
    const BatchSum& batch = batches[i];
    step.loss += batch.loss, step.weight += batch.weight, step.correct += batch.correct;
    if (batch.margin) step.margin = std::min(step.margin.value_or(*batch.margin), *batch.margin);
    if (batch.largest_loss > step.largest_loss) step.worst = batch.worst, step.largest_loss = batch.largest_loss;
    step.near.insert(step.near.end(), batch.near.begin(), batch.near.end());
  }
  return steps;
}

// ---- losses ----------------------------------------------------------------------------------------------------------

// What a logarithm of a sum of so many exponentials loses in doubles, of each input, whatever its loss.
double loss_of_sums(std::uint64_t classes) {
  return 2 * (40 + static_cast<double>(classes)) * 0x1p-52;
}

// The inputs that lose most carry most of a sum, and of what it loses; unless all lose much.
std::vector<std::uint64_t> telling_inputs(const StepSum& step) {
  constexpr std::uint64_t others = 4;
  constexpr double much = 0.01; // nats an input
  std::vector<std::uint64_t> indices{step.worst};
  if (step.weight >= much * static_cast<double>(step.inputs()))
    for (std::uint64_t i = 0; i < others; ++i)
      indices.push_back(step.range.from +
                        static_cast<std::uint64_t>(Integer(step.inputs()) * (2 * i + 1) / (2 * others)));
  return indices;
}

double room(const StepSum& step, std::uint64_t classes) {
  constexpr double others = 3; // have other radii, some larger ones
  return others * step.blur * step.weight + static_cast<double>(step.inputs()) * loss_of_sums(classes);
}

void declare_losses(const StepSum& step, double room, StepFindings& result) {
  result.lo = std::max(Rational(0), on_grid(step.loss - exactly(room), Direction::down));
  result.hi = on_grid(step.loss + exactly(room), Direction::up);
}

// Every total of the verifier's is off by at most a step of its grid an input; and where numbers are so large that doubles say
// nothing of them, its reference engine loses something too.
Rational lost_by_reference(double blur) {
  return std::isfinite(blur) ? Rational(0) : Rational(1, Integer(1) << 40);
}
void declare_enclosed(const InputRange& range, const Rational& lo, const Rational& hi, double blur,
                      StepFindings& result) {
  const Integer inputs = range.to - range.from;
  const Rational outward = grid_steps(inputs + 1) + inputs * lost_by_reference(blur);
  result.lo = std::max(Rational(0), on_grid(lo - outward, Direction::down));
  result.hi = on_grid(hi + outward, Direction::up);
}

void enclose_losses(const Work& work, const std::vector<Piece>& pieces, double blur,
                    std::vector<StepFindings>& results) {
  struct Ends {
    Rational lo, hi;
  };
  const std::vector<Ends> ends = of_each<Ends>(work, pieces, 0.1, 1, [&](std::size_t i) {
    std::vector<std::uint64_t> indices;
    for (std::uint64_t at = pieces[i].range.from; at < pieces[i].range.to; ++at) indices.push_back(at);
    Ends sum;
    for (const Enclosed& input : enclosed(work.network, work.task, indices))
      sum.lo += on_grid(lower_of(input.loss), Direction::down), sum.hi += on_grid(upper_of(input.loss), Direction::up);
    return sum;
  });
  std::vector<Ends> sums(results.size());
  for (std::size_t i = 0; i < pieces.size(); ++i)
    sums[pieces[i].step].lo += ends[i].lo, sums[pieces[i].step].hi += ends[i].hi;
  for (std::size_t i = 0; i < results.size(); ++i)
    declare_enclosed(work.steps[i], sums[i].lo, sums[i].hi, blur, results[i]);
}

// ---- single inputs ---------------------------------------------------------------------------------------------------

// Operations of one input that shares nothing with others.
double operations_of_input(const Work& work) {
  const BatchLength batch = batch_length(work.network, {});
  Integer length = batch.of_input.length() + batch.once.length();
  for (const auto& [on, operations] : batch.of_row) length += operations.length();
  return length.convert_to<double>();
}

std::vector<std::uint64_t> near_below(const StepSum& step, double bound) {
  std::vector<std::uint64_t> indices;
  for (const NearInput& input : step.near)
    if (input.margin <= bound) indices.push_back(input.index);
  return indices;
}

// No input has a smaller margin: the least, to a step of the verifier's grid, where few inputs may have it.
Rational least_margin(const Work& work, const std::vector<StepSum>& steps, double blur) {
  double least = *steps.front().margin;
  for (const StepSum& step : steps) least = std::min(least, *step.margin);
  std::vector<std::uint64_t> candidates;
  for (const StepSum& step : steps)
    for (const std::uint64_t index : near_below(step, least + safely * blur)) candidates.push_back(index);
  const double cost = static_cast<double>(candidates.size()) * operations_of_input(work);
  if (std::isfinite(blur) && candidates.size() > 1 && cost > most_operations_enclosed)
    return on_grid(exactly(least - safely * blur), Direction::down);
  std::optional<Rational> margin;
  for (const Enclosed& input : enclosed(work.network, work.task, candidates))
    margin = std::min(margin.value_or(lower_of(input.margin)), lower_of(input.margin));
  return on_grid(*margin - grid_steps(1) - lost_by_reference(blur), Direction::down);
}

// A step whose inputs the fast engine shows to have more declares that; another the least of all, for the reference engine to show of
// a few inputs.
Rational declared_margin(const StepSum& step, const Rational& least_of_all, double blur) {
  if (!std::isfinite(blur)) return least_of_all;
  const Rational own = on_grid(exactly(*step.margin - safely * blur), Direction::down); // as the verifier rounds it
  if (own >= least_of_all) return own;
  const double open = least_of_all.convert_to<double>() + safely * blur;
  return near_below(step, open).size() <= most_decided ? least_of_all : own;
}

// Inputs near a tie are decided one by one where there are few.
void declare_correct(const Work& work, const StepSum& step, double blur, StepFindings& result, Integer& undecided) {
  constexpr double decided = 0x1p-80; // the reference engine has 128 bits
  std::vector<std::uint64_t> close;
  for (const NearInput& input : step.near)
    if (std::abs(input.margin) <= safely * blur) close.push_back(input.index);
  result.least = result.most = step.correct;
  const double cost = static_cast<double>(close.size()) * operations_of_input(work);
  if (std::isfinite(blur) &&
      (close.size() > most_decided / 2 || (close.size() > 1 && cost > most_operations_enclosed))) {
    result.most += close.size();
  } else if (!close.empty()) {
    for (const Enclosed& input : enclosed(work.network, work.task, close)) {
      if (lower_of(input.margin) > exactly(decided)) ++result.least;
      if (upper_of(input.margin) > -exactly(decided)) ++result.most;
    }
  }
  undecided += result.most - result.least;
}

} // namespace

Findings find(const Work& work) {
  const double blur = enumeration::blur(work.network, work.task, some_inputs(work.task.domain));
  const std::uint64_t classes = work.network.classes;
  const bool may_be_enclosed = work.length.convert_to<double>() <= most_operations_of_reference && classes > 1;
  if (!std::isfinite(blur) && !may_be_enclosed) // all inputs would have to be enclosed one by one
    throw Error(Exit::data,
                "logits are too large to be compared in doubles, and the inputs too many for more precision",
                "its scores or weights are too large; --inputs takes fewer inputs");
  const std::vector<Piece> pieces = pieces_of(work.steps);
  const std::vector<BatchSum> batches = of_each<BatchSum>(work, pieces, 0, 1, [&](std::size_t i) {
    const InputRange& range = pieces[i].range;
    if (work.ledger)
      if (const auto words = work.ledger->words(range.from))
        if (const auto known = batch_sum_in(*words)) return *known;
    const BatchSum sum = batch_sum(work.network, work.task, range.from, range.to, blur);
    if (work.ledger) work.ledger->keep(range.from, words(sum));
    return sum;
  });
  std::vector<StepSum> sums = sums_of(work, pieces, batches);
  for_each_piece(sums.size(), work.threads, [&](std::size_t i) {
    sums[i].blur = enumeration::blur(work.network, work.task, telling_inputs(sums[i]));
  });

  Findings result;
  result.steps.resize(sums.size());
  double lost = 0, inputs = 0;
  for (const StepSum& step : sums) lost += room(step, classes), inputs += static_cast<double>(step.inputs());
  result.enclosed = may_be_enclosed && !(std::isfinite(blur) && lost <= wide_mean * inputs);
  std::optional<Rational> least;
  if (classes > 1) least = least_margin(work, sums, blur);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    StepFindings& step = result.steps[i];
    if (!result.enclosed) declare_losses(sums[i], room(sums[i], classes), step);
    if (least) step.margin = declared_margin(sums[i], *least, blur);
    declare_correct(work, sums[i], blur, step, result.undecided);
  }
  if (result.enclosed) enclose_losses(work, pieces, blur, result.steps);
  return result;
}

} // namespace proofmark::enumeration
