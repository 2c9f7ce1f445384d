// All that the program says, other than by files.
#pragma once

#include <string>
#include <string_view>

namespace proofmark {

// To standard output. Throws Error (io) when it does not take it. What is from outside must be printable already.
void print(std::string_view);

// Lines to standard error, made printable; the last one may lack its line break.
void say(std::string_view);

// Whether a stream is a terminal that knows colours and how to clear a line: not where TERM is "dumb" or unset.
bool is_able_terminal(int stream);

// JSON for standard output: ASCII alone, so that it is the same in every locale and gives no orders to a terminal, and
// names that are not UTF-8 are no obstacle.
template <class Json>
std::string json_text(const Json& json) {
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

} // namespace proofmark
