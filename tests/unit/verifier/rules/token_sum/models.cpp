#include "models.hpp"

#include <cmath>
#include <exception>
#include <numeric>
#include <thread>

namespace token_sum_models {

std::uint64_t Found::operations() const {
  return std::accumulate(performed.begin(), performed.end(), std::uint64_t{0});
}

Found run(Prepared& on, Rule rule, Labels labels, std::uint64_t budget) {
  kernel::Budget left(budget);
  kernel::Meter meter(left);
  kernel::Kernel k{on.kernel().engine, meter};
  Found found{rule(k, on.problem(), labels)};
  found.performed = meter.performed();
  return found;
}

Found run(Prepared& on, Rule rule, std::span<const Labels> parts) {
  std::vector<Found> of_parts(parts.size());
  std::vector<std::exception_ptr> errors(parts.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < parts.size(); ++i)
    threads.emplace_back([&, i] {
      try {
        of_parts[i] = run(on, rule, parts[i]);
      } catch (...) {
        errors[i] = std::current_exception();
      }
    });
  for (std::thread& t : threads) t.join();
  Found all;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (errors[i]) std::rethrow_exception(errors[i]);
    all.result.add(of_parts[i].result);
    for (std::size_t kind = 0; kind < all.performed.size(); ++kind) all.performed[kind] += of_parts[i].performed[kind];
  }
  return all;
}

void check_stops(Prepared& on, Rule rule, Labels labels) {
  const std::uint64_t needed = run(on, rule, labels).operations();
  CHECK_NOTHROW(run(on, rule, labels, needed));
  for (const std::uint64_t budget : {std::uint64_t{0}, std::uint64_t{1}, needed / 2, needed - 1})
    CHECK_THROWS_AS(run(on, rule, labels, budget), kernel::OverBudget);
}
void check_equal(const Found& x, const Found& y) {
  CHECK(x.performed == y.performed);
  CHECK(x.result.at_least.lower == y.result.at_least.lower);
  CHECK(x.result.at_least.upper == y.result.at_least.upper);
  CHECK(x.result.at_most.lower == y.result.at_most.lower);
  CHECK(x.result.at_most.upper == y.result.at_most.upper);
  CHECK(x.result.correct_at_least == y.result.correct_at_least);
  CHECK(x.result.correct_at_most == y.result.correct_at_most);
  CHECK(x.result.margin.lower == y.result.margin.lower);
  CHECK(x.result.margin.upper == y.result.margin.upper);
}

void check_encloses(const kernel::Total& total, const mpq_class& x) {
  mpq_class steps = x;
  mpq_mul_2exp(steps.get_mpq_t(), steps.get_mpq_t(), kernel::step_bits);
  CHECK(total.lower <= steps);
  CHECK(steps <= total.upper);
}
double width(const kernel::Total& total) {
  return std::ldexp(Integer(total.upper - total.lower).get_d(), -kernel::step_bits);
}

std::vector<Input> inputs(const Model& model) {
  std::vector<std::vector<mpq_class>> m(model.vocabulary);
  for (std::size_t a = 0; a < model.vocabulary; ++a)
    for (std::size_t k = 0; k < model.vocabulary; ++k) m[a].push_back(mpq_class(model.at(a, k)));
  std::vector<Input> all;
  std::vector<std::size_t> t(model.context);
  do {
    const std::size_t y = *std::max_element(t.begin(), t.end());
    std::vector<mpq_class> counts(model.vocabulary);
    for (const std::size_t a : t) counts[a] += 1;
    std::optional<mpq_class> margin;
    for (std::size_t k = 0; k < model.vocabulary; ++k) {
      mpq_class relative = 0;
      for (const std::size_t a : t) relative += m[a][y] - m[a][k];
      if (k != y && (!margin || relative < *margin)) margin = relative;
    }
    all.push_back({t, y, truth::input(m, counts, y).loss, margin});
  } while (truth::next_input(t, model.vocabulary));
  return all;
}

std::vector<Model> models(std::size_t n, std::size_t most) {
  std::vector<Model> all;
  std::mt19937_64 random(n);
  const auto add = [&](const char* name, std::size_t V, auto entry) {
    Model model{name, V, n, {}};
    for (std::size_t a = 0; a < V; ++a)
      for (std::size_t k = 0; k < V; ++k) model.L.push_back(entry(a, k));
    all.push_back(std::move(model));
  };
  const auto draw = [&](int most_steps, int bits) {
    return std::ldexp(
        static_cast<double>(static_cast<std::int64_t>(random() % (2 * static_cast<unsigned>(most_steps) + 1)) -
                            most_steps),
        -bits);
  };
  for (std::size_t V = 1; V <= most; ++V) {
    add("random", V, [&](auto, auto) { return draw(1 << 22, 20); });
    add("nearly right", V, [&](auto a, auto k) {
      return (k <= a ? 2.0 : 0.0) + 4 * static_cast<double>(k) / static_cast<double>(V) + draw(1 << 20, 21);
    });
    add("ties", V, [&](auto, auto) { return draw(1, 0); });
    add("zero", V, [&](auto, auto) { return 0.0; });
    add("far apart", V, [&](auto, auto) { return draw(8, -4) - 128; });
    add("nearly tied", V, [&](auto a, auto) { return static_cast<double>(a) + draw(3, 45); });
  }
  return all;
}

} // namespace token_sum_models
