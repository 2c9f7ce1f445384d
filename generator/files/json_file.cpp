#include "files/json_file.hpp"

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

} // namespace proofmark
