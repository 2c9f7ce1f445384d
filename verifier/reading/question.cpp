#include "reading/question.hpp"

#include "reading/forms.hpp"
#include "reading/reason.hpp"
#include "reading/safetensors.hpp"
#include "reading/text.hpp"

#include <algorithm>

namespace verifier {
namespace {

std::string shown(const Claim& claim) {
  return std::string(name(claim.quantity)) + " " + std::string(name(claim.direction)) + " " + claim.text;
}

std::string shown(const Task& task) {
  return "context " + std::to_string(task.context) + ", vocabulary " + std::to_string(task.vocabulary);
}

bool implies(const Claim& stated, const Claim& asked) {
  const bool comparable = stated.quantity == asked.quantity && stated.direction == asked.direction;
  return comparable &&
         (asked.direction == Direction::upper ? stated.bound <= asked.bound : stated.bound >= asked.bound);
}

} // namespace

void require_claim(const Outline& outline, const std::string& claim_file_text) {
  Document document(claim_file_text, forms::question);
  const JsonView json = document.of_format("proofmark-claim");
  const Task task = read_task(json.at("task"));
  const std::string digest = read_digest(json.at("model_sha256"));
  const std::vector<Claim> asked = read_claims(json.at("claims"));
  require(task == outline.task, Reason::claim_mismatch, "/task", shown(task), shown(outline.task));
  require(digest == outline.model_sha256, Reason::claim_mismatch, "/model/sha256", digest, outline.model_sha256);
  for (const Claim& claim : asked) {
    const bool stated =
        std::any_of(outline.claims.begin(), outline.claims.end(), [&](const Claim& c) { return implies(c, claim); });
    require(stated, Reason::claim_mismatch, "/claims", "a claim as strong as " + shown(claim), "none");
  }
}

void require_weights(const Certificate& certificate, const std::string& safetensors, const std::string& path) {
  const std::vector<Tensor> tensors = read_safetensors(safetensors, path);
  const auto named = [](const std::vector<Tensor>& all, const std::string& name) {
    return std::find_if(all.begin(), all.end(), [&](const Tensor& tensor) { return tensor.name == name; });
  };
  for (const Tensor& tensor : certificate.tensors) {
    const auto own = named(tensors, tensor.name);
    const std::string pointer = "/model/tensors/" + tensor.name;
    require(own != tensors.end(), Reason::weights_mismatch, pointer, "a tensor of that name in " + path, "none");
    const auto type = [](const Tensor& t) { return std::string(name(t.dtype)) + " " + shape_in_words(t.shape); };
    require(own->dtype == tensor.dtype && own->shape == tensor.shape, Reason::weights_mismatch, pointer,
            type(*own) + ", as in " + path, type(tensor));
    require(own->bytes == tensor.bytes, Reason::weights_mismatch, pointer, "the tensor of " + path, "other bytes");
  }
  for (const Tensor& tensor : tensors)
    require(named(certificate.tensors, tensor.name) != certificate.tensors.end(), Reason::weights_mismatch,
            "/model/tensors", "the tensor " + shown(tensor.name) + " of " + path, "none of that name");
}

void require_weights(const Outline& outline, const std::string& safetensors, const std::string& path) {
  const std::string digest = model_digest(outline.family, read_safetensors(safetensors, path));
  require(digest == outline.model_sha256, Reason::weights_mismatch, "/model/sha256", digest + ", of " + path,
          outline.model_sha256);
}

} // namespace verifier
