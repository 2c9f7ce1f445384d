#include "strategies/ledger.hpp"

#include "numbers/outward.hpp"
#include "support/error.hpp"

#include <fmt/format.h>
#include <mpfr.h>

#include <memory>
#include <sstream>

namespace proofmark {

namespace {

std::string text(mpfr_srcptr x) {
  char* printed = nullptr;
  if (mpfr_asprintf(&printed, "%Ra", x) < 0) throw Error(Exit::internal, "a number could not be printed");
  const std::unique_ptr<char, decltype(&mpfr_free_str)> owner(printed, mpfr_free_str);
  return printed;
}

std::string text(const Interval& x) {
  return text(&x.backend().data()->left) + " " + text(&x.backend().data()->right);
}

// Reads the next word exactly, or fails.
bool read(std::istream& words, mpfr_ptr x) {
  std::string word;
  if (!(words >> word)) return false;
  char* end = nullptr;
  return mpfr_strtofr(x, word.c_str(), &end, 0, MPFR_RNDD) == 0 && *end == '\0';
}

bool read(std::istream& words, Interval& x) {
  return read(words, &x.backend().data()->left) && read(words, &x.backend().data()->right);
}

// A margin, or "-" where there is none.
std::string text(const std::optional<double>& margin) {
  return margin ? hexadecimal(dyadic(*margin)) : "-";
}

bool read(std::istream& words, std::optional<double>& margin) {
  std::string word;
  if (!(words >> word)) return false;
  if (word == "-") return true;
  const auto value = parse_hexadecimal(word);
  if (value) margin = value->convert_to<double>();
  return value.has_value();
}

bool read(std::istream& words, Integer& x) {
  std::string word;
  if (!(words >> word) || word.find_first_not_of("0123456789") != std::string::npos) return false;
  x = Integer(word);
  return true;
}

} // namespace

std::optional<LabelSum> Ledger::find(std::uint64_t label) const {
  std::istringstream line(words(label).value_or(""));
  LabelSum sum;
  const bool complete = proofmark::read(line, sum.loss) && proofmark::read(line, sum.label_terms) &&
                        proofmark::read(line, sum.correct) && proofmark::read(line, sum.undecided) &&
                        proofmark::read(line, sum.margin);
  return complete ? std::optional(sum) : std::nullopt;
}

void Ledger::add(std::uint64_t label, const LabelSum& sum) {
  keep(label, fmt::format("{} {} {} {} {}", text(sum.loss), text(sum.label_terms), sum.correct.str(),
                          sum.undecided.str(), text(sum.margin)));
}

} // namespace proofmark
