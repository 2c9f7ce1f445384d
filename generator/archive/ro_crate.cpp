#include "archive/ro_crate.hpp"

#include "files/digest.hpp"
#include "support/version.hpp"

#include <nlohmann/json.hpp>

namespace proofmark {

using Json = nlohmann::ordered_json;

namespace {

constexpr const char* verifier_id = "#proofmark-verify";

Json reference(const std::string& id) {
  return {{"@id", id}};
}

const char* media_type(const std::string& file) {
  if (file.ends_with(".json")) return "application/json";
  if (file.ends_with(".md")) return "text/markdown";
  if (file.ends_with(".cpp") || file.ends_with(".hpp")) return "text/x-c++";
  if (file.ends_with(".cff")) return "application/yaml";
  return file.ends_with(".safetensors") ? "application/octet-stream" : "text/plain";
}

Json file_entity(const StagedFolder& folder, const std::string& file) {
  return {{"@id", file},
          {"@type", "File"},
          {"contentSize", std::to_string(std::filesystem::file_size(folder.path(file)))},
          {"encodingFormat", media_type(file)},
          {"sha256", sha256_of_file(folder.path(file))}};
}

std::string author_id(const Author& author, std::size_t i) {
  return author.orcid.empty() ? "#author-" + std::to_string(i + 1) : orcid_url(author);
}

Json person(const Author& author, std::size_t i) {
  Json json = {{"@id", author_id(author, i)}, {"@type", "Person"}, {"name", author.name}};
  if (!author.family.empty()) json["familyName"] = author.family, json["givenName"] = author.given;
  return json;
}

// The run of the verifier that wrote the receipt.
Json verification(const ArchivedProof& proof) {
  const std::string folder = proof.folder();
  return {{"@id", "#verification-of-" + proof.name},
          {"@type", "CreateAction"},
          {"name", "proofmark-verify answered s VERIFIED"},
          {"instrument", reference(verifier_id)},
          {"object",
           {reference(folder + certificate_file), reference(folder + model_file), reference(folder + claim_file)}},
          {"result", reference(folder + receipt_file)}};
}

Json root(const Description& description, const std::vector<ArchivedProof>& proofs, const Json& parts) {
  Json json = {
      {"@id", "./"},
      {"@type", "Dataset"},
      {"name", description.title},
      {"description", "Proof certificates of model performance, with the source of the verifier that checks them"},
      {"datePublished", description.date}};
  if (!description.licence.empty()) json["license"] = reference(licence_url(description));
  for (std::size_t i = 0; i < description.authors.size(); ++i)
    json["author"].push_back(reference(author_id(description.authors[i], i)));
  json["hasPart"] = parts;
  for (const ArchivedProof& proof : proofs) json["mentions"].push_back(reference("#verification-of-" + proof.name));
  return json;
}

} // namespace

std::string ro_crate(const StagedFolder& folder, const Description& description,
                     const std::vector<ArchivedProof>& proofs) {
  Json parts = Json::array(), entities = Json::array();
  for (const std::string& file : folder.files()) {
    parts.push_back(reference(file));
    entities.push_back(file_entity(folder, file));
  }
  Json graph = Json::array();
  graph.push_back({{"@id", ro_crate_file},
                   {"@type", "CreativeWork"},
                   {"conformsTo", reference("https://w3id.org/ro/crate/1.1")},
                   {"about", reference("./")}});
  graph.push_back(root(description, proofs, parts));
  for (std::size_t i = 0; i < description.authors.size(); ++i) graph.push_back(person(description.authors[i], i));
  if (!description.licence.empty())
    graph.push_back({{"@id", licence_url(description)}, {"@type", "CreativeWork"}, {"name", description.licence}});
  graph.push_back({{"@id", verifier_id},
                   {"@type", "SoftwareApplication"},
                   {"name", "proofmark-verify"},
                   {"softwareVersion", version},
                   {"license", "https://spdx.org/licenses/MIT"}});
  for (const ArchivedProof& proof : proofs) graph.push_back(verification(proof));
  for (Json& entity : entities) graph.push_back(std::move(entity));
  // RO-Crate 1.1 is older than schema.org's sha256.
  const Json context = {"https://w3id.org/ro/crate/1.1/context", {{"sha256", "http://schema.org/sha256"}}};
  Json document;
  document["@context"] = context;
  document["@graph"] = graph;
  return document.dump(2) + "\n";
}

} // namespace proofmark
