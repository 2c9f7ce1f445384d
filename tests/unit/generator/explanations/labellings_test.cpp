// Labellings by name.
#include "explanations/labellings.hpp"

#include "networks/tasks/spelled.hpp"
#include "refusal.hpp"

#include <stdexcept>

using namespace proofmark;
using explanations::labelling_named;

namespace {

FiniteTask sums() { // (x, y, 5) with x below 5 and y in 2 .. 4; the label is x + y mod 5
  FiniteTask task{{3, {{0, 5}, {2, 5}, {5, 6}}}, {}};
  task.label = parse_label("sum-modulo:5@0,1", task.domain);
  return task;
}

std::string why(const std::string& name) {
  try {
    labelling_named(name, sums());
  } catch (const std::invalid_argument& error) {
    return error.what();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing";
}

} // namespace

TEST_CASE("labellings: tokens, the label, differences, functions of the tokens") {
  const FiniteTask task = sums();
  const auto token = labelling_named("token@1", task), label = labelling_named("label", task),
             difference = labelling_named("difference-modulo:5@0,1", task),
             sum = labelling_named("sum-modulo:7@0,1", task), most = labelling_named("max@0,1", task);
  REQUIRE(token.size() == 15);
  for (std::uint16_t x = 0, i = 0; x < 5; ++x)
    for (std::uint16_t y = 2; y < 5; ++y, ++i) {
      CHECK(token[i] == y);
      CHECK(label[i] == (x + y) % 5);
      CHECK(difference[i] == (x + 5 - y) % 5);
      CHECK(sum[i] == (x + y) % 7);
      CHECK(most[i] == std::max(x, y));
    }
}

TEST_CASE("a labelling that is none says why") {
  CHECK(why("token@3") == "token@3 reads position 3, and inputs have 3");
  CHECK(why("token@0,1") == "token@0,1 reads 2 positions, expected 1");
  CHECK(why("difference-modulo@0,1").find("needs a modulus") != std::string::npos);
  CHECK(why("difference-modulo:5@0").find("reads 1 position, expected 2") != std::string::npos);
  CHECK(why("difference-modulo:x@0,1").find("expected a whole number, found 'x'") != std::string::npos);
  CHECK(why("table:file").find("written out as a list") != std::string::npos);
  CHECK(why("maximum").find("maximum") != std::string::npos);
  CHECK(why("balanced-brackets").find("input 0") != std::string::npos); // not defined of these tokens
}
