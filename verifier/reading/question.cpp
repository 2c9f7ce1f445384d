#include "reading/question.hpp"

#include "reading/forms.hpp"
#include "reading/reason.hpp"
#include "reading/safetensors.hpp"
#include "reading/text.hpp"

#include <algorithm>
#include <set>

namespace verifier {
namespace {

bool implies(const Claim& stated, const Claim& asked) {
  const bool comparable = stated.quantity == asked.quantity && stated.direction == asked.direction;
  return comparable &&
         (asked.direction == Direction::upper ? stated.bound <= asked.bound : stated.bound >= asked.bound);
}

std::vector<std::string> names_beside(const WeightsFile& file, const std::set<std::string>& named) {
  std::vector<std::string> names = file.others;
  for (const auto& [name, tensor] : file.tensors)
    if (!named.contains(name)) names.push_back(name);
  std::ranges::sort(names);
  return names;
}

} // namespace

void require_claim(const Outline& outline, const std::string& claim_file_text) {
  Document document(claim_file_text, forms::question);
  const JsonView json = document.of_format("proofmark-claim");
  const Task task = read_task(json.at("task"));
  const std::string digest = read_digest(json.at("model_sha256"));
  const std::vector<Claim> asked = read_claims(json.at("claims"));
  require(task == outline.task, reason::claim_mismatch, "/task", in_words(task),
          in_words(outline.task) + (in_words(task) == in_words(outline.task) ? ", other entries" : ""));
  require(digest == outline.model_sha256, reason::claim_mismatch, "/model/sha256", digest, outline.model_sha256);
  for (const Claim& claim : asked) {
    const bool stated =
        std::any_of(outline.claims.begin(), outline.claims.end(), [&](const Claim& c) { return implies(c, claim); });
    require(stated, reason::claim_mismatch, "/claims", "a claim as strong as " + kind(claim) + " " + claim.text,
            "none");
  }
}

std::vector<std::string> require_weights(const Certificate& certificate, const std::string& safetensors,
                                         const std::string& path) {
  const WeightsFile file = read_safetensors(safetensors, path);
  for (const auto& [name, tensor] : certificate.tensors) {
    const auto own = file.tensors.find(name);
    const std::string pointer = "/model/tensors/" + escaped_pointer(name);
    require(own != file.tensors.end(), reason::weights_mismatch, pointer, "weights of that name in " + path, "none");
    const auto type = [](const Tensor& t) {
      return std::string(verifier::name(t.dtype)) + " " + shape_in_words(t.shape);
    };
    require(own->second.dtype == tensor.dtype && own->second.shape == tensor.shape, reason::weights_mismatch, pointer,
            type(own->second) + ", as in " + path, type(tensor));
    require(own->second.bytes == tensor.bytes, reason::weights_mismatch, pointer, "the tensor of " + path,
            "other bytes");
  }
  return names_beside(file, tensor_names(certificate.architecture));
}

std::vector<std::string> require_weights(const Outline& outline, const std::string& safetensors,
                                         const std::string& path) {
  const WeightsFile file = read_safetensors(safetensors, path);
  const std::set<std::string> named = tensor_names(outline.architecture);
  Tensors tensors = file.tensors;
  std::erase_if(tensors, [&](const auto& tensor) { return !named.contains(tensor.first); });
  const std::string digest = model_digest(outline.architecture, tensors);
  require(digest == outline.model_sha256, reason::weights_mismatch, "/model/sha256", digest + ", of " + path,
          outline.model_sha256);
  return names_beside(file, named);
}

} // namespace verifier
