// JSON files that others wrote, read with messages that name the file.
#pragma once

#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace proofmark {

// Everything that comes, up to a size that no model of the format's limits reaches. Throws Error (io, data).
std::string read_standard_input();

// The whole file. Throws Error (io), also for what is not a regular file or is larger than 1 GiB.
std::string read_text(const std::filesystem::path&);

// Throws Error (data) when the text is not JSON.
nlohmann::json parse_json(const std::filesystem::path& name, const std::string& text);

// JSON in which no key stands twice in one object, which would have no single meaning. Throws Error (data) that begins with
// `source`, a name that can be printed. `how_to_write`: the hint for a text that people write, of which line and column are said.
nlohmann::json parse_unique(std::string_view text, const std::string& source, const std::string& how_to_write = {});

// Runs `read`, and turns what it throws about the shape of the JSON (an absent key, another type, a std::runtime_error)
// into Error (data): "'NAME' is not WHAT: why".
void reading(const std::filesystem::path& name, const char* what, const std::function<void()>& read);

} // namespace proofmark
