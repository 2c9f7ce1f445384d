// The ledger of an unfinished proof: exact, and nothing that is not whole.
#include "strategies/ledger.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <unistd.h>

using namespace proofmark;

namespace {

struct TemporaryPath {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("ledger-" + std::to_string(::getpid()));
  TemporaryPath() { std::filesystem::remove(path); }
  ~TemporaryPath() { std::filesystem::remove(path); }
};

std::string content(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

LabelSum sum(int seed) {
  LabelSum result;
  result.loss = log(enclose(Integer(seed + 2))) * exp(enclose(Integer(100 * seed)));
  result.label_terms = enclose(0.0) - log(enclose(Integer(3)));
  result.correct = power(16384, 64) + seed;
  result.undecided = seed;
  if (seed % 3 != 0) result.margin = seed % 2 == 0 ? -1.0 / 3 - seed : 0x1.fp-1060;
  return result;
}

bool same(const LabelSum& a, const LabelSum& b) {
  const auto equal = [](const Interval& x, const Interval& y) {
    return mpfr_equal_p(&x.backend().data()->left, &y.backend().data()->left) != 0 &&
           mpfr_equal_p(&x.backend().data()->right, &y.backend().data()->right) != 0;
  };
  return equal(a.loss, b.loss) && equal(a.label_terms, b.label_terms) && a.correct == b.correct &&
         a.undecided == b.undecided && a.margin == b.margin;
}

constexpr auto at_once = std::chrono::seconds(0);

} // namespace

TEST_CASE("a ledger gives back exactly what was added, in this run and in the next") {
  const TemporaryPath file;
  {
    Ledger ledger(file.path, "of a proof", at_once);
    CHECK(ledger.taken_up() == 0);
    for (int label = 5; label-- > 0;) ledger.add(static_cast<std::uint64_t>(label), sum(label));
    CHECK(same(ledger.find(3).value(), sum(3)));
    CHECK_FALSE(ledger.find(5));
  }
  {
    Ledger again(file.path, "of a proof", at_once);
    CHECK(again.taken_up() == 5);
    for (int label = 0; label < 5; ++label)
      CHECK(same(again.find(static_cast<std::uint64_t>(label)).value(), sum(label)));
    again.add(7, sum(7));
  }
  CHECK(Ledger(file.path, "of a proof").taken_up() == 6);
  {
    Ledger other(file.path, "of another proof", at_once);
    CHECK((other.taken_up() == 0 && other.is_of_something_else()));
    other.add(1, sum(1));
    other.remove();
  }
  Ledger last(file.path, "of a proof");
  CHECK(last.taken_up() == 6);
  last.remove();
  CHECK_FALSE(std::filesystem::exists(file.path));
  CHECK(Ledger(file.path, "of a proof").taken_up() == 0);
}

TEST_CASE("a ledger takes up whole lines of its own only") {
  const TemporaryPath file;
  {
    Ledger ledger(file.path, "of a proof", at_once);
    for (int label = 0; label < 3; ++label) ledger.add(static_cast<std::uint64_t>(label), sum(label));
  }
  const std::string whole = content(file.path);
  const std::size_t first = whole.find('\n') + 1, second = whole.find('\n', first) + 1;
  const auto taken_up_from = [&](const std::string& text) {
    std::ofstream(file.path) << text;
    return Ledger(file.path, "of a proof").taken_up();
  };
  CHECK(taken_up_from(whole.substr(0, whole.size() - 2)) == 2);
  for (std::size_t at = first; at < second - 1; ++at) {
    std::string changed = whole;
    changed[at] = changed[at] == '1' ? '2' : '1';
    CHECK(taken_up_from(changed) == 2);
  }
  CHECK(taken_up_from(whole.substr(0, first)) == 0);
  CHECK(taken_up_from("") == 0);
}

TEST_CASE("two runs never keep one ledger") {
  const TemporaryPath file;
  Ledger first(file.path, "of a proof", at_once), second(file.path, "of a proof", at_once);
  first.add(0, sum(0));
  CHECK_THROWS(second.add(0, sum(0)));
  CHECK_THROWS(Ledger(file.path, "of a proof"));
  CHECK_THROWS(Ledger(file.path, "of another proof"));
  first.add(1, sum(1));
  first.remove();
  CHECK(Ledger(file.path, "of a proof").taken_up() == 0);
}

TEST_CASE("a line that was cut off does not take the next one with it") {
  const TemporaryPath file;
  {
    Ledger ledger(file.path, "of a proof", at_once);
    for (int label = 0; label < 3; ++label) ledger.add(static_cast<std::uint64_t>(label), sum(label));
  }
  std::filesystem::resize_file(file.path, std::filesystem::file_size(file.path) - 2);
  Ledger(file.path, "of a proof", at_once).add(5, sum(5));
  CHECK(Ledger(file.path, "of a proof").taken_up() == 3);
}

TEST_CASE("a short proof writes no ledger, and where none can be written it fails") {
  const TemporaryPath file;
  Ledger patient(file.path, "of a proof", std::chrono::hours(1));
  patient.add(0, sum(0));
  CHECK_FALSE(std::filesystem::exists(file.path));
  Ledger nowhere(file.path / "folder" / "file", "of a proof", at_once);
  CHECK_THROWS(nowhere.add(0, sum(0)));
}
