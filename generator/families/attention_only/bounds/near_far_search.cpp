#include "families/attention_only/bounds/near_far_search.hpp"

#include "explanations/families.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace proofmark::attention_only {

namespace {

using Outputs = std::vector<std::uint16_t>;

constexpr std::uint64_t most_near = 8; // with --near best
constexpr std::size_t candidates = 16, rounds = 4;

// Beyond so many tests of a label, times columns that may be tried, heads are not exchanged.
constexpr double patience = 1e8;

// All wrong outputs, those first that most often come closest to the label where near tokens attend.
Outputs by_frequency(const Label& label, std::uint64_t near) {
  const std::uint64_t V = label.tables.V, m = label.m, free = label.tables.n - 1;
  std::vector<std::uint64_t> closest(V);
  std::set<std::uint64_t> shares = {std::min<std::uint64_t>(1, free), std::min<std::uint64_t>(2, free), free};
  if (free > 0) shares.insert(free - 1);
  for (std::uint64_t q = label.first_query(); q <= m; ++q) {
    const double position = free > 0
                                ? label.positions.high(static_cast<Eigen::Index>(q), static_cast<Eigen::Index>(free)) /
                                      static_cast<double>(free)
                                : 0;
    const double of_query = label.r(q, q) * label.positions.last(q);
    for (const std::uint64_t s : shares)
      for (std::uint64_t k = m - near; k < std::max(m, m - near + 1); ++k) { // without near tokens: the label alone
        const double of_label = position * static_cast<double>(free - s),
                     of_near = position * static_cast<double>(s) * label.r(q, k), all = of_label + of_query + of_near;
        std::uint64_t best = m;
        double largest = 0;
        for (std::uint64_t w = 0; w < V; ++w) {
          if (w == m) continue;
          const double margin =
              label.u(q, w) + (of_label * label.y(m, w) + of_query * label.y(q, w) + of_near * label.y(k, w)) / all;
          if (best == m || margin > largest) best = w, largest = margin;
        }
        ++closest[best];
      }
  }
  Outputs order;
  for (std::uint64_t w = 0; w < V; ++w)
    if (w != m) order.push_back(static_cast<std::uint16_t>(w));
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint16_t a, std::uint16_t b) { return closest[a] > closest[b]; });
  return order;
}

class HeadSearch {
public:
  HeadSearch(const Label& label, const SlotTests& tests, std::uint64_t near, bool joint)
      : label_(label), tests_(tests), near_(near), joint_(joint) {}

  Passed all_passed(const Outputs& heads) {
    Passed all = tests_.passed(tail_column(label_, near_, heads, joint_));
    for (const std::uint16_t head : heads) require_all(all, of_head(head));
    return all;
  }

  // Heads that are known stay.
  Outputs best(std::uint64_t size, const Outputs& known) {
    const Outputs order = by_frequency(label_, near_);
    Outputs heads = known;
    for (const std::uint16_t output : order)
      if (heads.size() < size && std::find(known.begin(), known.end(), output) == known.end()) heads.push_back(output);
    double most = score(heads);
    const double cost = static_cast<double>(tests_.passed(tail_column(label_, near_, heads, joint_)).size()) *
                        static_cast<double>(size * candidates);
    for (std::size_t round = 0; round < rounds && cost < patience; ++round) {
      const double before = most;
      for (std::size_t place = known.size(); place < heads.size(); ++place) {
        Outputs trial = heads;
        for (const std::uint16_t output : worth_trying(order, heads, place)) {
          trial[place] = output;
          if (const double found = score(trial); found > most) most = found, heads = trial;
        }
      }
      if (!(most > before)) break;
    }
    std::sort(heads.begin(), heads.end());
    return heads;
  }

private:
  double score(const Outputs& heads) { return tests_.roughly_correct(all_passed(heads)); }

  const Passed& of_head(std::uint16_t output) {
    const auto known = of_head_.find(output);
    if (known != of_head_.end()) return known->second;
    return of_head_.emplace(output, tests_.passed(head_column(label_, near_, output))).first->second;
  }

  // The outputs that make up the tail's column without the head at this place, and the most frequent ones.
  std::vector<std::uint16_t> worth_trying(const Outputs& order, const Outputs& heads, std::size_t place) const {
    std::set<std::uint16_t> others(heads.begin(), heads.end()), result;
    const std::uint64_t m = label_.m;
    others.erase(heads[place]);
    const auto add_largest = [&](const auto& value) {
      std::uint16_t best = static_cast<std::uint16_t>(m);
      for (const std::uint16_t w : order)
        if (!others.count(w) && (best == m || value(w) > value(best))) best = w;
      if (best != m) result.insert(best);
    };
    for (std::uint64_t t = m - near_; t <= m; ++t) add_largest([&](std::uint16_t w) { return label_.y(t, w); });
    if (joint_)
      for (std::uint64_t q = 0; q <= m; q += std::max<std::uint64_t>(1, (m + 1) / 8))
        add_largest([&](std::uint16_t w) { return label_.u(q, w) + label_.y(m, w); });
    for (std::size_t i = 0; i < order.size() && result.size() < candidates; ++i)
      if (!others.count(order[i])) result.insert(order[i]);
    return {result.begin(), result.end()};
  }

  const Label& label_;
  const SlotTests& tests_;
  std::uint64_t near_;
  bool joint_;
  std::map<std::uint16_t, Passed> of_head_;
};

struct OfLabel {
  std::uint64_t near = 0;
  Outputs heads;
  Integer correct;
};

OfLabel find_label(const Label& label, const StrategyOptions& options, MakeSlotTests make) {
  const SaidOfLabel said = said_of_label(options, label.m);
  OfLabel result;
  for (std::uint64_t near = said.least_near; near <= said.most_near; ++near) {
    const auto tests = make(label, near);
    HeadSearch search(label, *tests, near, said.joint);
    OfLabel found{near, search.best(options.outputs, said.heads), {}};
    found.correct = tests->correct(search.all_passed(found.heads));
    if (near > said.least_near && found.correct <= result.correct) continue;
    result = std::move(found);
  }
  return result;
}

} // namespace

SaidOfLabel said_of_label(const StrategyOptions& options, std::uint64_t m) {
  bool is_open = !options.near;
  std::uint64_t near = options.near.value_or(most_near);
  SaidOfLabel result{0, 0, options.joint, {}};
  if (const explanations::OfFamily* said = options.explained.get()) {
    if (!said->near.empty()) is_open = !said->near[m], near = said->near[m].value_or(most_near);
    if (!said->joint.empty()) result.joint = said->joint[m].value_or(false);
    if (!said->heads.empty()) result.heads = said->heads[m];
  }
  result.most_near = std::min(near, m);
  result.least_near = is_open ? 0 : result.most_near;
  return result;
}

Findings near_far_findings(const Assignment& r, const Rule& rule, MakeSlotTests make) {
  const Tables t = tables(r.model);
  const Positions positions(t);
  std::vector<OfLabel> found(t.V);
  LabelSums sums{std::vector<LabelSum>(t.V), engine};
  for_each_label(r.task, r.sums, [&](std::uint64_t m) {
    if (t.V > 1) found[m] = find_label(Label(t, positions, m), r.options, make);
    sums.labels[m].correct = t.V > 1 ? found[m].correct : Integer(1);
  });
  NearFarWitness witness = near_far_outline(r.task, r.options);
  witness.near.clear(), witness.heads.clear();
  for (const OfLabel& label : found) {
    witness.near.push_back(static_cast<std::uint16_t>(label.near));
    witness.heads.insert(witness.heads.end(), label.heads.begin(), label.heads.end());
  }
  return {std::move(sums), witnesses(witness), hints(witness), {rule}};
}

void check_near_far(const Task& task, const StrategyOptions& options, const std::vector<LabelRange>&) {
  take_only(options, {"near", "outputs", "joint"});
  if (options.outputs > 0 && options.outputs + 2 > task.vocabulary)
    throw Error(Exit::usage,
                fmt::format("--outputs {} is too many: the model has {} outputs", options.outputs, task.vocabulary),
                "one output is the label's, and one at least must be left for the tail");
}

double near_far_seconds(const Shape& shape, const StrategyOptions& options,
                        double (*tests_of_query)(double context, double near)) {
  const auto V = static_cast<double>(shape.task.vocabulary), n = static_cast<double>(shape.task.context),
             heads = static_cast<double>(options.outputs);
  double seconds = 0;
  for (std::uint64_t m = 0; m < shape.task.vocabulary; ++m) {
    const SaidOfLabel said = said_of_label(options, m);
    for (std::uint64_t near = said.least_near; near <= said.most_near; ++near) {
      const auto queries = static_cast<double>(m + 1), c = static_cast<double>(near);
      const double tests = queries * tests_of_query(n, c), tried = heads * static_cast<double>(candidates);
      const double searched = tests * tried < patience ? static_cast<double>(rounds) / 2 * tried : 0;
      seconds +=
          queries * V * 1e-8 * std::max(1.0, c) + tests * (5e-9 * (heads + 1) + searched * (1e-9 * heads + 5e-9));
    }
    seconds += V * V * 4e-9; // tables of the label
  }
  return seconds;
}

NearFarWitness near_far_outline(const Task& task, const StrategyOptions& options) {
  NearFarWitness witness{{}, options.outputs, std::vector<std::uint16_t>(task.vocabulary * options.outputs), {}};
  for (std::uint64_t m = 0; m < task.vocabulary; ++m) {
    const SaidOfLabel said = said_of_label(options, m);
    witness.near.push_back(static_cast<std::uint16_t>(said.most_near));
    witness.joint.push_back(said.joint ? 1 : 0);
  }
  if (std::find(witness.joint.begin(), witness.joint.end(), 1) == witness.joint.end()) witness.joint.clear();
  return witness;
}

Hints near_far_hints(const Task& task, const StrategyOptions& options, bool) {
  return hints(near_far_outline(task, options));
}

} // namespace proofmark::attention_only
