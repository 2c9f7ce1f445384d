// The registry: what each rule is for and takes, and that it establishes what its row says of models whose truth is known.
#include "small.hpp"

#include <algorithm>
#include <set>

using namespace small;

namespace {

// Witnesses within their ranges, for every rule that takes some.
std::vector<Tensor> witnesses_of(const Rule& rule, std::uint64_t V, std::uint64_t n) {
  const bool tokens = rule.is_for(ModelShape::token_sum);
  std::vector<std::uint64_t> outputs;
  for (std::uint64_t a = 0; a < V; ++a) outputs.push_back((a + 1) % V);
  std::vector<Tensor> all;
  for (const WitnessUse& use : rule.witnesses) {
    const std::string name(use.name);
    if (use.needed.empty() && name != "heads") continue;
    if (name == "heads") all.push_back(tensor(name, DType::uint16, {V, 1}, outputs));
    if (name == "head-sizes") all.push_back(tensor(name, DType::uint16, {2}, {1, V}));
    if (name == "blocks") all.push_back(tensor(name, DType::uint16, {2}, {0, 1}));
    if (name == "near")
      all.push_back(tensor(name, DType::uint16, {V}, [&] {
        std::vector<std::uint64_t> near(V, 1);
        near[0] = 0;
        return near;
      }()));
    if (name == "filled") all.push_back(tensor(name, DType::uint8, {V}, std::vector<std::uint64_t>(V, n > 1 ? 1 : 0)));
    if (name == "gaps") all.push_back(tensor(name, DType::uint16, {V, V, n}, std::vector<std::uint64_t>(V * V * n, 0)));
  }
  if (tokens && rule.name == "head-tail@1" && n == 2) {
    std::vector<std::uint64_t> levels(V * (V + 1) / 2, 0);
    levels.back() = 1; // the last input is exact
    all.push_back(tensor("levels", DType::uint8, {levels.size()}, levels));
  }
  return all;
}

const Rule& rule(ModelShape shape, const char* name) {
  const Rule* found = find_rule(shape, Parts::labels, name);
  REQUIRE(found != nullptr);
  return *found;
}

} // namespace

TEST_CASE("there are fifteen rules, each name once for a shape and what ranges are of") {
  std::set<std::tuple<Parts, ModelShape, std::string_view>> names;
  for (const Rule& rule : all_rules()) {
    for (const ModelShape shape : {ModelShape::token_sum, ModelShape::attention_only, ModelShape::other}) {
      if (rule.is_for(shape)) CHECK(names.emplace(rule.parts(), shape, rule.name).second);
      CHECK((find_rule(shape, rule.parts(), rule.name) == &rule) == rule.is_for(shape));
    }
    CHECK(rule.least_positions <= rule.most_positions);
    CHECK((!rule.loss_from_below || rule.loss_from_above));
    CHECK((!rule.exact || rule.loss_from_below));
  }
  CHECK(all_rules().size() == 15);
  CHECK(known_rules() == "band@1, block-jensen@1, block-tables@1, convexity@1, cubic@1, enumeration@1, head-tail@1, "
                         "low-rank@1, near-far@1, placements@1, "
                         "soft-near-far@1, subcubic@1, symmetry@1");
  CHECK(find_rule(ModelShape::token_sum, Parts::labels, "near-far@1") == nullptr);
  CHECK(find_rule(ModelShape::attention_only, Parts::labels, "symmetry@1") == nullptr);
  CHECK(find_rule(ModelShape::other, Parts::labels, "enumeration@1") == nullptr);
  CHECK(find_rule(ModelShape::token_sum, Parts::inputs, "symmetry@1") == nullptr);
}

TEST_CASE("what rules establish encloses the truth: every rule, both engines, all layouts") {
  const auto in_steps = [](const kernel::Integer& x) -> mpq_class {
    return mpq_class(x) / mpq_class(mpz_class(1) << 60);
  };
  for (const Rule& rule : all_rules())
    for (const std::size_t n : {1, 2, 3})
      for (const bool other_layouts : {false, true}) {
        if (rule.parts() == Parts::inputs || n < rule.least_positions || n > rule.most_positions) continue;
        const std::size_t V = 4;
        Example example = rule.is_for(ModelShape::token_sum) ? token_sum(V, n, 5, other_layouts)
                                                             : small::attention(V, n, 6, other_layouts);
        Certificate& c = example.certificate;
        c.witnesses = witnesses_of(rule, V, n);
        std::ranges::sort(c.witnesses, {}, &Tensor::name);
        declare(c, std::string(rule.name),
                rule.whole_blocks ? std::vector<std::uint64_t>{1, 4} : std::vector<std::uint64_t>{1, 3, 4});
        CAPTURE(std::string(rule.name));
        CAPTURE(n);
        for (const Engine engine : engines) {
          const Result result = check(c, {.engine = engine, .threads = 2});
          for (std::size_t i = 0; i < c.steps.size(); ++i) {
            Truth truth;
            for (std::size_t y = c.steps[i].from.get_ui(); y < c.steps[i].to.get_ui(); ++y) {
              const Truth& label = example.labels[y];
              truth.loss += label.loss, truth.inputs += label.inputs, truth.correct += label.correct;
              if (!truth.margin || *label.margin < *truth.margin) truth.margin = label.margin;
            }
            CHECK(inputs_of(c, c.steps[i]) == truth.inputs);
            const Established& found = result.steps[i].established;
            CHECK(found.loss_lower() <= truth.loss);
            CHECK(found.at_most.has_value() == rule.loss_from_above);
            if (found.at_most) CHECK(truth.loss <= *found.loss_upper());
            CHECK(found.correct_at_least <= truth.correct);
            CHECK(truth.correct <= found.correct_at_most);
            CHECK(found.margin.has_value() == rule.exact);
            if (!rule.loss_from_below) CHECK(found.loss_lower() == 0);
            if (!rule.exact) CHECK(found.correct_at_most == truth.inputs);
            if (!rule.exact) continue;
            CHECK(*found.loss_upper() - found.loss_lower() < mpq_class(1, 1'000'000));
            CHECK(found.correct_at_least == truth.correct);
            CHECK(found.correct_at_most == truth.correct);
            CHECK(in_steps(*found.margin->lower) <= *truth.margin);
            CHECK(*truth.margin <= in_steps(*found.margin->upper));
            CHECK(in_steps(*found.margin->upper - *found.margin->lower) < mpq_class(1, 1'000'000));
          }
        }
      }
}

TEST_CASE("rules are for certain shapes, tasks, cuts and numbers of positions") {
  const Certificate good = token_sum(3, 2).certificate;
  CHECK(reason_of(good) == "none");
  const auto changed = [&](auto change) {
    Certificate c = good;
    change(c);
    return reason_of(c);
  };
  CHECK(changed([](auto& c) { c.architecture.pool = Pool::last; }) == "rule-task at /steps/0/rule");
  CHECK(changed([](auto& c) { c.steps[1].rule = "enumeration@2"; }) == "rule-unknown at /steps/1/rule");
  CHECK(changed([](auto& c) { c.steps[2].rule = "near-far@1"; }) == "rule-task at /steps/2/rule");
  CHECK(changed([](auto& c) { c.task.ranges[1].from = 1; }) == "rule-task at /steps/0/rule");
  CHECK(changed([](auto& c) { c.task.ranges[0].to = 2; }) == "rule-task at /steps/0/rule");
  CHECK(changed([](auto& c) { c.task.label.positions = {0, 1}; }) == "rule-task at /steps/0/rule");
  CHECK(changed([](auto& c) { c.task.label.name = "min"; }) == "rule-task at /steps/0/rule");
  CHECK(changed([](auto& c) { // one token more than there are classes
          c.tensors.at("e") = stored("e", Rows(4, std::vector<mpq_class>(3)), Layout::width_tokens);
        }) == "rule-task at /steps/0/rule");
  CHECK(changed([](auto& c) {
          c.parts = Parts::inputs;
          c.steps[2].rule = "symmetry@1";
        }) == "rule-steps at /steps/2/inputs");
  const auto with_rule = [](std::size_t n, const std::string& rule, std::vector<Tensor> witnesses) {
    Certificate c = token_sum(3, n).certificate;
    declare(c, rule);
    c.witnesses = std::move(witnesses);
    return reason_of(c);
  };
  const std::vector<Tensor> blocks = {tensor("blocks", DType::uint16, {3}, {0, 1, 2})};
  CHECK(with_rule(2, "block-jensen@1", blocks) == "none");
  CHECK(with_rule(1, "block-jensen@1", blocks) == "rule-context at /steps/0/rule");
  CHECK(with_rule(3, "block-jensen@1", blocks) == "rule-context at /steps/0/rule");
  const std::vector<Tensor> heads = {tensor("head-sizes", DType::uint16, {1}, {1}),
                                     tensor("heads", DType::uint16, {3, 1}, {0, 1, 2})};
  CHECK(with_rule(2, "head-tail@1", heads) == "none");
  CHECK(with_rule(3, "head-tail@1", heads) == "none");
  CHECK(with_rule(1, "head-tail@1", heads) == "rule-context at /steps/0/rule");
}

TEST_CASE("a rule is not asked for what it does not bound") {
  const auto changed = [](Certificate c, const std::string& rule, auto change) {
    declare(c, rule);
    change(c.steps[1]);
    return reason_of(c);
  };
  const Certificate tokens = token_sum(3, 2).certificate, attends = small::attention(3, 2).certificate;
  const auto nothing = [](Step&) {};
  const auto lower_end = [](Step& s) { s.loss->lower = mpq_class(1, mpz_class(1) << 80); };
  const auto loss = [](Step& s) { s.loss = Step::Loss{0, mpz_class(1) << 100}; };
  const auto margin = [](Step& s) { s.margin = -(mpz_class(1) << 100); };
  const auto most = [](Step& s) { s.correct->most -= 1; };
  CHECK(changed(tokens, "convexity@1", nothing) == "none");
  CHECK(changed(tokens, "convexity@1", lower_end) == "rule-direction at /steps/1/loss/0");
  CHECK(changed(tokens, "symmetry@1", lower_end) == "none");
  CHECK(changed(attends, "cubic@1", nothing) == "none");
  CHECK(changed(attends, "cubic@1", loss) == "rule-loss at /steps/1/loss");
  CHECK(changed(attends, "cubic@1", margin) == "rule-margin at /steps/1/margin");
  CHECK(changed(attends, "cubic@1", most) == "correct-count at /steps/1/correct/1");
  CHECK(changed(attends, "enumeration@1", margin) == "none");
  CHECK(changed(tokens, "convexity@1", margin) == "rule-margin at /steps/1/margin");
  CHECK(changed(tokens, "convexity@1", most) == "correct-count at /steps/1/correct/1");
  Certificate one_class = token_sum(1, 2).certificate;
  CHECK(reason_of(one_class) == "none");
  one_class.steps[0].margin = 0;
  CHECK(reason_of(one_class) == "rule-margin at /steps/0/margin");
}

TEST_CASE("each rule has the witnesses that it needs, and there are no others") {
  for (const Rule& rule : all_rules()) {
    if (rule.parts() == Parts::inputs) continue;
    const std::size_t n = 2, V = 4;
    Certificate c = (rule.is_for(ModelShape::token_sum) ? token_sum(V, n) : small::attention(V, n)).certificate;
    declare(c, std::string(rule.name),
            rule.whole_blocks ? std::vector<std::uint64_t>{4} : std::vector<std::uint64_t>{});
    c.witnesses = witnesses_of(rule, V, n);
    CAPTURE(std::string(rule.name));
    CHECK(reason_of(c) == "none");
    for (const WitnessUse& use : rule.witnesses) {
      Certificate without = c;
      const auto taken = std::erase_if(without.witnesses, [&](const Tensor& t) { return t.name == use.name; });
      if (taken > 0) CHECK(reason_of(without) == (use.needed.empty() ? "none" : "witness-missing at /witnesses"));
    }
    Certificate with = c;
    with.witnesses.push_back(tensor("hint", DType::uint8, {1}, {0}));
    CHECK(reason_of(with) == "witness-unused at /witnesses");
  }
  // Up to so many positions.
  const auto weighed = [](std::size_t n) {
    Certificate c = token_sum(3, n).certificate;
    declare(c, "head-tail@1");
    c.witnesses = witnesses_of(rule(ModelShape::token_sum, "head-tail@1"), 3, n);
    c.witnesses.push_back(reals("column-weights", {3}, {1, 2, 3}));
    return reason_of(c);
  };
  CHECK(weighed(3) == "none");
  CHECK(weighed(4) == "witness-unused at /witnesses");
}
