// The frontier without its programs: which points are optimal, what the tables say, which records are kept.

#include "families/families.hpp"
#include "families/token_sum/strategies/strategies.hpp"
#include "files/atomic_file.hpp"
#include "files/digest.hpp"
#include "frontier/finished_point.hpp"
#include "frontier/measures.hpp"
#include "frontier/pareto.hpp"
#include "frontier/points.hpp"
#include "frontier/table.hpp"
#include "numbers/outward.hpp"
#include "proofs/exact_loss.hpp"
#include "small_models.hpp"
#include "support/error.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <random>
#include <set>

using namespace proofmark;

namespace {

struct TemporaryFolder {
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "proofmark-frontier-XXXXXX").string();
    folder.path = mkdtemp(pattern.data());
    for (const char* name : {"certificates", "receipts", "points"})
      std::filesystem::create_directory(folder.path / name);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(folder.path); }
  Folder folder;
};

FinishedPoint finished(const std::string& name, std::uint64_t length, const std::string& upper) {
  FinishedPoint point;
  point.name = point.strategy = name;
  point.parameters = {{"context", "2"}};
  point.model_sha256 = std::string(64, 'a');
  point.generator = point.verifier = "1";
  point.exact_loss = "0.25";
  point.verification.verdict = "VERIFIED";
  point.verification.upper = upper;
  point.verification.claimed_upper = upper + "5";
  point.verification.accuracy_upper = "0.9";
  point.verification.margin = "-1.5";
  point.verification.operations.mul = length;
  point.steps = {{{0, 4}, "0.2", "0.15"}, {{4, 6}, "0.1", {}}, {{6, 8}, {}, {}}};
  return point;
}

Frontier frontier(std::vector<FinishedPoint> points) {
  const Shape shape{&token_sum_family, {2, 8}, 2};
  return {finite_task(shape.task),
          "a function",
          8,
          shape,
          Integer(10'000'000),
          {"enumeration"},
          std::string(64, 'a'),
          "1",
          "1",
          std::move(points),
          {}};
}

std::vector<bool> marks(const std::vector<Row>& rows) {
  std::vector<bool> result;
  for (const Row& row : rows) result.push_back(row.standing.pareto_loss);
  return result;
}

} // namespace

TEST_CASE("a point is optimal when no other is as short and as tight") {
  const auto marks = [](std::vector<Tradeoff> points) { return pareto_optimal(points); };
  using Marks = std::vector<bool>;
  CHECK(marks({}) == Marks{});
  CHECK(marks({{true, 5, 1}}) == Marks{true});
  CHECK(marks({{false, 5, 1}}) == Marks{false});
  CHECK(marks({{true, 5, 1}, {true, 4, 2}, {true, 6, Rational(1, 2)}}) == Marks{true, true, true});
  CHECK(marks({{true, 5, 1}, {true, 5, 2}}) == Marks{true, false});  // as short, less tight
  CHECK(marks({{true, 5, 1}, {true, 6, 1}}) == Marks{true, false});  // as tight, longer
  CHECK(marks({{true, 5, 1}, {true, 5, 1}}) == Marks{true, true});   // equal
  CHECK(marks({{false, 1, 0}, {true, 5, 1}}) == Marks{false, true}); // what is not eligible dominates nothing
}

TEST_CASE("optimal points are exactly those that the definition names") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 300; ++i) {
    std::vector<Tradeoff> points(random() % 12);
    for (Tradeoff& point : points) point = {random() % 4 != 0, random() % 6, Rational(random() % 6, 3)};
    const std::vector<bool> found = pareto_optimal(points);
    for (std::size_t a = 0; a < points.size(); ++a) {
      bool dominated = false;
      for (const Tradeoff& b : points)
        dominated = dominated || (b.eligible && b.length <= points[a].length && b.upper <= points[a].upper &&
                                  (b.length != points[a].length || b.upper != points[a].upper));
      CHECK(found[a] == (points[a].eligible && !dominated));
    }
  }
}

TEST_CASE("what is vacuous or not verified is never optimal, and bounds are compared to nine decimals") {
  const auto mark = [](std::vector<FinishedPoint> points) {
    const Frontier all = frontier(std::move(points));
    return marks(rows(all));
  };
  // ln 8 = 2.0794415416 79..
  CHECK(mark({finished("a", 1'000'000, "2.0794415416"), finished("b", 900'000, "2.0794415417")}) ==
        std::vector<bool>{true, false});
  CHECK(mark({finished("a", 1'000'000, "0.3000000001"), finished("b", 2'000'000, "0.30000000005")}) ==
        std::vector<bool>{true, false});
  CHECK(mark({finished("a", 1'000'000, "0.3000000011"), finished("b", 2'000'000, "0.30000000005")}) ==
        std::vector<bool>{true, true});
  FinishedPoint refused = finished("c", 1, "0.26");
  refused.verification = {};
  refused.verification.verdict = "REJECTED";
  refused.verification.reason = "loss-upper";
  CHECK(mark({refused, finished("a", 1'000'000, "0.3")}) == std::vector<bool>{false, true});
}

TEST_CASE("proofs are compared by loss and by accuracy, and what says nothing of one of them has no place in it") {
  // A set that the frontier and the report once marked differently: the frontier by accuracy, the report by loss.
  const std::vector<Compared> proofs = {
      {100, "0.5", "0.9"},          // a loss, and an accuracy that a shorter proof surpasses
      {50, {}, "0.99"},             // accuracy alone
      {40, {}, "0.8"},              //
      {60, {}, "0.9899999999"},     // as good to nine decimals as .. no: it is less, and longer
      {30, "2.5", {}},              // vacuous: ln 8 = 2.079
      {20, "2.5", "0.0"},           // vacuous, and no input is shown correct
      {120, "0.4999999999", "0.9"}, // 0.5 to nine decimals, and longer
      {10, {}, {}},                 // not verified
  };
  const std::vector<Standing> found = standings(proofs, 8);
  const std::vector<Standing> expected = {{false, true, false},
                                          {false, false, true},
                                          {false, false, true},
                                          {},
                                          {true, false, false},
                                          {true, false, false},
                                          {},
                                          {}};
  CHECK(found == expected);
  CHECK(in_words(found[0]) == "Pareto-optimal in loss");
  CHECK(in_words(found[1]) == "Pareto-optimal in accuracy");
  CHECK(in_words(found[3]).empty());
  CHECK(in_words(found[4]) == "vacuous");
  CHECK(in_words({false, true, true}) == "Pareto-optimal");
  CHECK(in_words({true, false, true}) == "vacuous, Pareto-optimal in accuracy");
}

TEST_CASE("the bound splits exactly: exact loss, tail slack, rounding slack") {
  const Frontier all = frontier({finished("a", 1'000'000, "0.3000000000000000001")});
  const std::vector<Row> found = rows(all);
  REQUIRE(found.size() == 1);
  CHECK(found[0].exact_loss == "0.25");
  CHECK(found[0].tail_slack == "0.0500000000000000001");
  CHECK(found[0].rounding_slack == "0.00000000000000000005");
  CHECK_THROWS_AS(rows(frontier({finished("a", 1'000'000, "0.2")})), Error); // below the exact loss: somebody is wrong
}

TEST_CASE("tables") {
  FinishedPoint refused = finished("b", 1, "0.26");
  refused.verification = {};
  refused.verification.verdict = "ERROR";
  refused.verification.reason = "a \"reason\", quoted";
  refused.steps.clear();
  const Frontier all = frontier({finished("a", 1'000'000, "0.3"), refused});
  const std::string text = csv(rows(all));
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
  CHECK(text.find("\na,a,context=2,0.3,,,0.9,-1.5,no,yes,no,1000000,") != text.npos);
  CHECK(text.ends_with(",ERROR,\"a \"\"reason\"\", quoted\"\n"));
  CHECK(labels_csv(all) == "name,from,to,inputs,exact_loss,upper,slack\n"
                           "a,0,4,16,0.15,0.2,0.05\n"
                           "a,4,6,20,,0.1,\n"
                           "a,6,8,28,,,\n");
  const std::string plain = proofmark::text(all, rows(all), false);
  CHECK(plain.find("\x1b") == plain.npos);
  CHECK(plain.find("\n* a ") != plain.npos);
  CHECK(proofmark::text(all, rows(all), true).find("\x1b[1m* a ") != plain.npos);
}

TEST_CASE("a record is kept while nothing that it speaks of has changed") {
  const TemporaryFolder temporary;
  const Folder& folder = temporary.folder;
  FinishedPoint point = finished("a", 5, "0.3");
  write_file(folder.certificate("a"), "certificate");
  write_file(folder.receipt("a"), "receipt");
  point.certificate_sha256 = sha256_of_file(folder.certificate("a"));
  point.receipt_sha256 = sha256_of_file(folder.receipt("a"));
  CHECK_FALSE(kept_point(folder, point));
  write_record(folder, point);
  const auto kept = kept_point(folder, point);
  REQUIRE(kept);
  CHECK(csv(rows(frontier({*kept}))) == csv(rows(frontier({point}))));
  CHECK(labels_csv(frontier({*kept})) == labels_csv(frontier({point})));

  const auto changed = [&](auto change) {
    FinishedPoint other = point;
    change(other);
    return !kept_point(folder, other);
  };
  CHECK(changed([](FinishedPoint& p) { p.parameters["steps"] = "3"; }));
  CHECK(changed([](FinishedPoint& p) { p.model_sha256[0] = 'b'; }));
  CHECK(changed([](FinishedPoint& p) { p.generator = "2"; }));
  CHECK(changed([](FinishedPoint& p) { p.verifier = "2"; }));
  CHECK(changed([](FinishedPoint& p) { p.strategy = "b"; }));

  write_file(folder.certificate("a"), "certificatf");
  CHECK_FALSE(kept_point(folder, point));
  write_file(folder.certificate("a"), "certificate");
  CHECK(kept_point(folder, point));
  std::filesystem::remove(folder.receipt("a"));
  CHECK_FALSE(kept_point(folder, point));
  write_file(folder.receipt("a"), "receipt");
  write_file(folder.record("a"), "{\"format\": \"proofmark-frontier-point\"");
  CHECK_FALSE(kept_point(folder, point));
  point.verification.verdict = "REJECTED";
  write_record(folder, point);
  CHECK_FALSE(kept_point(folder, point));
}

TEST_CASE("points have names of their own that are fit for files, and lengths as predicted") {
  for (const std::uint64_t n : {1, 2, 3}) {
    const Model model = test::random_model(5, 3, 1, 4);
    ProofOptions common;
    common.context = n;
    std::set<std::string> names;
    for (const Point& point : frontier_points(shape_of(model, n), common)) {
      CAPTURE(point.name);
      CHECK(names.insert(point.name).second);
      CHECK(point.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == point.name.npos);
      CHECK(find_strategy(token_sum_family, point.proof.strategy) != nullptr);
      if (point.name != "symmetry" && point.name != "enumeration" && point.name != "convexity") continue;
      // The prediction supposes that all is claimed and stated, correct inputs of each label too.
      const Integer found = length(test::proved(model, point.proof).certificate),
                    predicted = plan(shape_of(model, n), point.proof).length;
      CHECK(found <= predicted);
      CHECK(predicted <= found + 2 * 3 * 5 + 2 * 4 + 5);
    }
  }
}

TEST_CASE("a claim is exact loss, tail slack and rounding slack, to the last digit") {
  const Model model = test::random_model(6, 4, 2, 9);
  for (const Strategy* strategy : token_sum_family.strategies)
    for (const std::uint64_t n : {1, 2, 3}) {
      if (strategy == &head_tail && n == 1) continue;    // needs two tokens
      if (strategy == &block_jensen && n != 2) continue; // needs exactly two
      CAPTURE(strategy->name);
      ProofOptions options;
      options.context = n;
      options.strategy = strategy->name;
      options.steps = 4;
      if (strategy == &block_jensen) options.how.blocks = 4; // as many as steps
      if (strategy == &mixed) options.how.budget = parse_budget("0.999");
      const Proof proof = test::proved(model, options);
      ExactLoss exact_loss(model, {n, 6}, 1, 60);
      const auto split = noise(proof, exact_loss);
      REQUIRE(split);
      CHECK(split->exact_loss + split->tail + split->rounding == parse_long_decimal(proof.certificate.claims[0].bound));
      CHECK(std::accumulate(split->tail_by_step.begin(), split->tail_by_step.end(), Rational()) == split->tail);
      CHECK(std::all_of(split->tail_by_step.begin(), split->tail_by_step.end(),
                        [](const Rational& r) { return r >= 0; }));
      CHECK(split->rounding > 0);
      CHECK(split->rounding < Rational(1, 1'000'000'000));
      if (strategy == &symmetry || strategy == &enumeration) CHECK(split->tail < Rational(1, 1'000'000'000));

      ExactLoss taken(model, {n, 6}, 1, 0); // no time: only what a proof has found
      taken.take(proof);
      CHECK(taken.share({2, 5}).has_value() == (strategy == &symmetry || strategy == &enumeration));
    }
  ProofOptions accuracy;
  accuracy.context = 2;
  accuracy.strategy = "symmetry";
  accuracy.quantities.cross_entropy = false;
  ExactLoss exact_loss(model, {2, 6}, 1, 60);
  CHECK_FALSE(noise(test::proved(model, accuracy), exact_loss));
}

TEST_CASE(
    "measures: the best bounds within a share of enumeration's length, and the shortest proof of the exact accuracy") {
  const auto point = [](const char* name, std::uint64_t length, const char* upper, const char* accuracy) {
    FinishedPoint result = finished(name, length, upper);
    result.verification.accuracy = accuracy;
    return result;
  };
  const Frontier all = frontier({point("a", 5'000'000, "0.1", "0.9"), point("b", 1'000'000, "0.3", "0.9"),
                                 point("c", 1'000'001, "0.2", "0.9"), point("d", 100'000, "0.4", "0.7")});
  const Measures found = measures(all);
  REQUIRE(found.within.size() == 3);
  CHECK(found.within[0].upper == "0.3"); // a length of exactly a tenth is within it, one more is not
  CHECK(found.within[1].upper == "0.4");
  CHECK(found.within[1].accuracy == "0.7");
  CHECK_FALSE(found.within[2].upper);
  REQUIRE(found.finishing); // 0.9 from both sides
  CHECK(found.finishing->name == "b");
  CHECK(share_of_whole(all, all.points[2]) == "0.100001");
  const auto is_finished = [&](const char* least, const char* most) { // of 64 inputs, of which 57 are 0.890625
    FinishedPoint between = point("f", 1, "0.1", least);
    between.verification.accuracy_upper = most;
    return measures(frontier({between})).finishing != nullptr;
  };
  CHECK(is_finished("0.8906249999999999", "0.8906250000000001")); // rounded outward
  CHECK(is_finished("0.890625", "0.890625"));
  CHECK_FALSE(is_finished("0.875", "0.890625"));
  CHECK(is_finished("0.9999999999999999", "1"));
  FinishedPoint refused = point("e", 1, "0.1", "0.9");
  refused.verification.verdict = "REJECTED";
  CHECK_FALSE(measures(frontier({refused})).finishing);
  CHECK_FALSE(share_of_whole(all, refused));
}
