// An explanation as a person wrote it: JSON (docs/explanations.md), of which strategy it is known, its other fields as they stand.
#pragma once

#include "files/json_place.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace proofmark::explanations {

class File {
public:
  explicit File(const std::filesystem::path&); // throws Error (io, data)

  const std::string& name() const { return name_; } // of the file, without folders, printable
  const std::string& strategy() const { return strategy_; }
  JsonPlace fields() const; // the whole object, while this lives

  // Throws Error (data) for a key that is none of these.
  void require_keys(std::span<const char* const> of_the_strategy) const;

private:
  std::string name_, source_, strategy_;
  nlohmann::json json_;
};

// The beginning of an explanation of this strategy, to which its fields are added.
nlohmann::ordered_json begun(const std::string& strategy);

// As it is written to a file: an outer list or object by lines, what stands in it on one.
std::string text_of(const nlohmann::ordered_json&);

} // namespace proofmark::explanations
