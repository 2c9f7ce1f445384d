#include "files/json_file.hpp"

#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/interrupt.hpp"
#include "support/limits.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <unistd.h>
#include <vector>

namespace proofmark {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

// Of a byte, the first of which is 1.
std::string line_and_column(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte == 0 ? 0 : byte - 1);
  return "line " + std::to_string(1 + std::count(before.begin(), before.end(), '\n')) + ", column " +
         std::to_string(before.size() - (before.rfind('\n') + 1) + 1);
}

} // namespace

std::string read_standard_input() {
  constexpr std::size_t most = std::size_t{1} << 32;
  std::string contents;
  for (std::vector<char> piece(std::size_t{1} << 20);;) {
    const ssize_t count = ::read(STDIN_FILENO, piece.data(), piece.size());
    const int error_number = errno;
    stop_if_interrupted();
    if (count < 0 && error_number == EINTR) continue;
    if (count < 0) throw Error(Exit::io, std::string("cannot read standard input: ") + std::strerror(error_number));
    if (count == 0) return contents;
    contents.append(piece.data(), static_cast<std::size_t>(count));
    if (contents.size() > most)
      throw Error(Exit::data, "standard input has more than 4 GiB", "no model that can be proved is so large");
  }
}

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

Json parse_unique(std::string_view text, const std::string& source, const std::string& how_to_write) {
  std::vector<std::set<std::string>> keys;
  const auto reject_repeated_keys = [&](int, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::object_start)
      keys.emplace_back();
    else if (event == Json::parse_event_t::object_end)
      keys.pop_back();
    else if (event == Json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second)
      throw Error(Exit::data, source + " has the key " + in_quotes(value.get<std::string>()) + " twice in one object",
                  "keep one of them");
    return true;
  };
  try {
    return Json::parse(text, reject_repeated_keys);
  } catch (const Json::parse_error& error) {
    if (!how_to_write.empty())
      throw Error(Exit::data, source + " is not JSON: " + line_and_column(text, error.byte), how_to_write);
    throw Error(Exit::data, source + " is not JSON (near byte " + std::to_string(error.byte) + ")",
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

} // namespace proofmark
