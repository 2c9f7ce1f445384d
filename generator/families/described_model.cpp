#include "families/described_model.hpp"

#include "families/families.hpp"
#include "support/error.hpp"

namespace proofmark {

std::optional<networks::Description> stated_description(const SafetensorsFile& file,
                                                        const std::filesystem::path& architecture) {
  if (!architecture.empty()) return networks::read_description(architecture);
  const auto entry = file.metadata.find(architecture_key);
  if (entry == file.metadata.end()) return {};
  return networks::read_description(entry->second, "the description in the model's metadata");
}

networks::Description description_of(const SafetensorsFile& file, const std::filesystem::path& architecture,
                                     std::uint64_t positions) {
  if (auto stated = stated_description(file, architecture)) return *stated;
  const Model model = recognised(file);
  return networks::read_description(model.family->architecture(model.context.value_or(positions)),
                                    "the family's description");
}

} // namespace proofmark
