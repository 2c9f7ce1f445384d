#include "certificates/json_file.hpp"

#include "numbers/outward.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace proofmark {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr std::uint64_t largest_count = std::uint64_t{1} << 60;

} // namespace

std::string read_text(const fs::path& path) {
  const auto fail = [&](const std::string& why, const std::string& hint = {}) {
    return Error(Exit::io, "cannot read " + in_quotes(path.string()) + ": " + why, hint);
  };
  std::error_code error;
  const auto status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) throw fail("no such file");
  if (!fs::is_regular_file(status)) throw fail("it is not a regular file");
  const std::uint64_t size = fs::file_size(path, error);
  if (error) throw fail(error.message());
  if (size > limits::file_bytes) throw fail("it is larger than 1 GiB, the format's limit");
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw fail(std::strerror(errno));
  std::string text(size, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(size));
  if (!stream) throw fail("it ended or failed while being read");
  return text;
}

Json parse_json(const fs::path& name, const std::string& text) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    throw Error(Exit::data, in_quotes(name.string()) + " is not JSON (near byte " + std::to_string(error.byte) + ")",
                "it may have been cut short; copy or download it again");
  }
}

void reading(const fs::path& name, const char* what, const std::function<void()>& read) {
  const auto refuse = [&](const std::string& why) {
    return Error(Exit::data, in_quotes(name.string()) + " is not " + what + ": " + printable(why),
                 "proofmark-verify says exactly what is wrong with a certificate");
  };
  try {
    read();
  } catch (const Error&) {
    throw;
  } catch (const Json::exception& error) {
    const std::string text = error.what(); // "[json.exception.out_of_range.403] key 'steps' not found"
    throw refuse(text.substr(std::min(text.size(), text.find("] ") + 2)));
  } catch (const std::runtime_error& error) {
    throw refuse(error.what());
  }
}

std::string digest_in(const Json& json) {
  const auto text = json.get<std::string>();
  if (text.size() != 64 || text.find_first_not_of("0123456789abcdef") != text.npos)
    throw std::runtime_error("a digest is not 64 hexadecimal digits");
  return text;
}

Task task_in(const Json& json) {
  const Json& ranges = json.at("inputs").contains("ranges") ? json.at("inputs").at("ranges") : Json();
  if (json.at("label") != Json{{"name", "max"}} || !ranges.is_array())
    throw std::runtime_error("its task is not one that this program knows");
  if (ranges.empty() || ranges.size() > limits::context)
    throw std::runtime_error("its task is outside the limits of the format");
  const Task task{ranges.size(), ranges.front().at(1).get<std::uint64_t>()};
  if (task.vocabulary < 1 || task.vocabulary > limits::vocabulary)
    throw std::runtime_error("its task is outside the limits of the format");
  const Json every{0, task.vocabulary}; // position takes every token
  if (std::any_of(ranges.begin(), ranges.end(), [&](const Json& range) { return range != every; }))
    throw std::runtime_error("its task is not one that this program knows");
  return task;
}

Json task_json(const Task& task) {
  const Json ranges(task.context, Json{0, task.vocabulary});
  return {{"inputs", {{"ranges", ranges}}}, {"label", {{"name", "max"}}}};
}

Claim claim_in(const Json& json) {
  Claim claim{Quantity::cross_entropy, Side::upper, json.at("bound").get<std::string>()};
  const auto quantity = std::find_if(quantities.begin(), quantities.end(),
                                     [&](Quantity known) { return json.at("quantity") == name(known); });
  if (quantity == quantities.end())
    throw std::runtime_error("a claim is about a quantity that this program does not know");
  claim.quantity = *quantity;
  if (json.at("direction") == name(Side::lower)) claim.direction = Side::lower;
  const bool known = json.at("direction") == name(claim.direction) &&
                     !(claim.quantity == Quantity::margin && claim.direction == Side::upper) &&
                     !(claim.quantity == Quantity::length && claim.direction == Side::lower);
  if (!known) throw std::runtime_error("a claim has a direction that this program does not know");
  const auto bound = parse_decimal(claim.bound);
  if (!bound || (claim.quantity != Quantity::margin && *bound < 0))
    throw std::runtime_error("a bound is not a decimal");
  return claim;
}

OperationCounts<std::uint64_t> operations_in(const Json& json) {
  OperationCounts<std::uint64_t> counts;
  for (const auto& [kind, count] : kinds(counts)) {
    *count = json.at(kind).get<std::uint64_t>();
    if (!json.at(kind).is_number_unsigned() || *count >= largest_count)
      throw std::runtime_error("a count of operations is not a whole number below 2^60");
  }
  return counts;
}

} // namespace proofmark
