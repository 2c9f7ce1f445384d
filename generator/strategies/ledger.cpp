#include "strategies/ledger.hpp"

#include "files/digest.hpp"
#include "files/folder_lock.hpp"
#include "numbers/outward.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <mpfr.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>
#include <vector>

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

Ledger::Ledger(std::filesystem::path path, std::string of, Clock::duration patience)
    : path_(std::move(path)), of_(std::move(of)), start_writing_(Clock::now() + patience) {
  file_ = open(path_.c_str(), O_RDWR | O_APPEND | O_CLOEXEC);
  is_foreign_ = file_ < 0 && errno != ENOENT;
  if (file_ < 0) return;
  require_alone(lock_alone(file_));
  std::ifstream file(path_);
  std::string line;
  std::getline(file, line);
  is_foreign_ = line != of_;
  if (is_foreign_) return;
  bool cut_off = file.eof();
  while (std::getline(file, line)) {
    if (auto entry = read(line)) known_.insert(std::move(*entry));
    cut_off = file.eof();
  }
  taken_up_ = known_.size();
  if (cut_off) write("\n"); // what comes next is a line of its own
}

Ledger::~Ledger() {
  close();
}

void Ledger::require_alone(bool alone) {
  if (alone) return;
  close();
  throw Error(Exit::io, fmt::format("another run makes the proof that {} is kept for", in_quotes(path_.string())),
              "wait until it ends, or name another --output");
}

std::optional<LabelSum> Ledger::find(std::uint64_t label) const {
  const std::scoped_lock lock(mutex_);
  const auto found = known_.find(label);
  return found == known_.end() ? std::nullopt : std::optional(found->second);
}

void Ledger::add(std::uint64_t label, const LabelSum& sum) {
  const std::scoped_lock lock(mutex_);
  if (!known_.emplace(label, sum).second || is_foreign_ || Clock::now() < start_writing_) return;
  if (file_ >= 0) return write(line(label, sum));
  std::string all = of_ + "\n";
  for (const auto& [known, its_sum] : known_) all += line(known, its_sum);
  file_ = open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  require_alone(file_ < 0 ? errno != EEXIST : lock_alone(file_));
  write(all);
}

// What is cut off by whatever ends the program is no line when it is read again.
void Ledger::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file_, text.data(), text.size());
    if (written < 0 && errno != EINTR)
      throw Error(Exit::io, fmt::format("cannot write {}: {}", in_quotes(path_.string()), std::strerror(errno)));
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void Ledger::remove() {
  std::error_code nothing_to_remove;
  if (file_ >= 0 && !is_foreign_) std::filesystem::remove(path_, nothing_to_remove);
  close();
}

void Ledger::close() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

std::string Ledger::line(std::uint64_t label, const LabelSum& sum) const {
  const std::string words = fmt::format("{} {} {} {} {} {}", label, text(sum.loss), text(sum.label_terms),
                                        sum.correct.str(), sum.undecided.str(), text(sum.margin));
  return fmt::format("{} {}\n", words, Sha256().update(of_).update(words).hex());
}

std::optional<std::pair<std::uint64_t, LabelSum>> Ledger::read(const std::string& line) const {
  std::istringstream words(line);
  std::uint64_t label = 0;
  LabelSum sum;
  const bool complete = words >> label && proofmark::read(words, sum.loss) && proofmark::read(words, sum.label_terms) &&
                        proofmark::read(words, sum.correct) && proofmark::read(words, sum.undecided) &&
                        proofmark::read(words, sum.margin);
  if (!complete || this->line(label, sum) != line + "\n") return std::nullopt;
  return std::pair(label, sum);
}

} // namespace proofmark
