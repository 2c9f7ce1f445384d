// The reviewer's question: a claim file, and a file of weights.
#include "certificates.hpp"

#include "reading/question.hpp"
#include "reading/safetensors.hpp"

#include <doctest/doctest.h>

using namespace certificates;

namespace {

Tree claim(const std::string& quantity, const std::string& direction, const std::string& bound) {
  return {{"quantity", quantity}, {"direction", direction}, {"bound", bound}};
}

Tree question_about(const Tree& certificate, const Tree& claims) {
  return {{"format", "proofmark-claim"},
          {"version", 2},
          {"task", certificate["task"]},
          {"model_sha256", certificate["model"]["sha256"]},
          {"claims", claims}};
}

std::string asked(const Tree& certificate, const Tree& question) {
  return told([&] { require_claim(read(certificate), question.dump()); });
}

// A safetensors file of these tensors, in this order.
std::string safetensors(const std::vector<std::pair<std::string, Tree>>& tensors) {
  Tree header = Tree::object();
  std::string data;
  for (const auto& [name, tensor] : tensors) {
    static const verifier::Form bytes{.data = true}, list{.element = &bytes, .most = 1};
    const verifier::Json::Data decoded =
        verifier::Document("[\"" + tensor["data"].get<std::string>() + "\"]", list).root().array()[0].take_data();
    const std::string type = tensor["dtype"] == "float32" ? "F32" : "F16";
    header[name] = {
        {"dtype", type}, {"shape", tensor["shape"]}, {"data_offsets", {data.size(), data.size() + decoded.size()}}};
    data.append(decoded.begin(), decoded.end());
  }
  const std::string text = header.dump();
  std::string file;
  for (int b = 0; b < 8; ++b) file += static_cast<char>(text.size() >> (8 * b));
  return file + text + data;
}

std::string weighed(const Tree& certificate, const std::vector<std::pair<std::string, Tree>>& tensors) {
  const std::string file = safetensors(tensors), as_read = told([&] { require_weights(read(certificate), file, "f"); });
  const verifier::Outline outline = read(certificate); // without tensors: by the digest alone
  const std::string by_digest = told([&] { require_weights(outline, file, "f"); });
  CHECK((as_read == "none") == (by_digest == "none"));
  CHECK((by_digest == "none" || by_digest == "weights-mismatch at /model/sha256"));
  return as_read;
}

} // namespace

TEST_CASE("a claim is implied by one of the same quantity and direction that is as strong") {
  Tree certificate = token_sum();
  certificate["claims"] = {claim("cross-entropy", "upper", "1.5"), claim("cross-entropy", "lower", "0.5"),
                           claim("accuracy", "lower", "0.25"),     claim("accuracy", "upper", "0.75"),
                           claim("margin", "lower", "-3.25"),      claim("length", "upper", "2500")};
  const auto implied = [&](const std::string& quantity, const std::string& direction, const std::string& bound) {
    const std::string reason =
        asked(certificate, question_about(certificate, Tree::array({claim(quantity, direction, bound)})));
    CHECK((reason == "none" || reason == "claim-mismatch at /claims"));
    return reason == "none";
  };
  struct Row {
    const char *quantity, *direction, *same, *weaker, *stronger;
  };
  for (const Row& row :
       {Row{"cross-entropy", "upper", "1.50", "1.51", "1.49"}, Row{"cross-entropy", "lower", "0.5", "0.49", "0.51"},
        Row{"accuracy", "lower", "0.25", "0.2", "0.3"}, Row{"accuracy", "upper", "0.75", "0.8", "0.7"},
        Row{"margin", "lower", "-3.25", "-3.26", "-3.24"}, Row{"length", "upper", "2500", "2501", "2499"}}) {
    CHECK(implied(row.quantity, row.direction, row.same));
    CHECK(implied(row.quantity, row.direction, row.weaker));
    CHECK_FALSE(implied(row.quantity, row.direction, row.stronger));
  }
  const Tree margin = claim("margin", "lower", "-4"), length = claim("length", "upper", "2000");
  CHECK(asked(certificate, question_about(certificate, {margin, claim("accuracy", "upper", "1")})) == "none");
  CHECK(asked(certificate, question_about(certificate, {margin, length})) == "claim-mismatch at /claims");
  certificate["claims"] = Tree::array({claim("accuracy", "lower", "0.25")});
  CHECK(asked(certificate, question_about(certificate, Tree::array({claim("accuracy", "upper", "1")}))) ==
        "claim-mismatch at /claims");
  CHECK(asked(certificate, question_about(certificate, Tree::array({claim("cross-entropy", "lower", "0")}))) ==
        "claim-mismatch at /claims");
}

TEST_CASE("a question is about one task and one model") {
  const Tree certificate = token_sum(),
             question = question_about(certificate, Tree::array({claim("cross-entropy", "upper", "2")}));
  CHECK(asked(certificate, question) == "none");
  const auto changed = [&](const std::string& place, const Tree& value) {
    Tree other = question;
    other[Tree::json_pointer(place)] = value;
    return asked(certificate, other);
  };
  CHECK(changed("/task/inputs/ranges", Tree::array({{0, 3}})) == "claim-mismatch at /task");
  CHECK(changed("/task/inputs/ranges", {{0, 3}, {0, 2}}) == "claim-mismatch at /task");
  CHECK(changed("/task/label/positions", {0, 1}) == "claim-mismatch at /task");
  CHECK(changed("/task/label", {{"table", tensor("uint8", {9}, Bytes(9))}}) == "claim-mismatch at /task");
  CHECK(changed("/model_sha256", std::string(64, '0')) == "claim-mismatch at /model/sha256");
  CHECK(changed("/model_sha256", "0") == "number-grammar at /model_sha256");
  CHECK(changed("/version", 1) == "version-unknown at /version");
  CHECK(changed("/format", "proofmark-certificate") == "format-name at /format");
  CHECK(changed("/claims", Tree::array()) == "claim-none at /claims");
  CHECK(changed("/claims/0/bound", "-2") == "number-grammar at /claims/0/bound");
  CHECK(changed("/steps", Tree::array()) == "key-unknown at ");
  CHECK(changed("/task/context", 2) == "key-unknown at /task");
}

TEST_CASE("the file of weights has the certificate's tensors by name; others are named") {
  const Tree certificate = token_sum(), &own = certificate["model"]["tensors"];
  const std::pair<std::string, Tree> E{"E", own["E"]}, W{"W", own["W"]}, U{"U", own["U"]};
  CHECK(weighed(certificate, {E, W, U}) == "none");
  CHECK(weighed(certificate, {U, W, E}) == "none");
  CHECK(weighed(certificate, {E, W}) == "weights-mismatch at /model/tensors/U");
  CHECK(weighed(certificate, {E, W, {"u", own["U"]}}) == "weights-mismatch at /model/tensors/U");
  CHECK(weighed(certificate, {E, W, U, {"mask", floats({1})}}) == "none");
  CHECK(require_weights(read(certificate), safetensors({{"zero", floats({1})}, E, W, {"mask", floats({2})}, U}), "f") ==
        std::vector<std::string>{"mask", "zero"});
  CHECK(weighed(certificate, {E, {"W", floats({2, 2}, 2)}, U}) == "weights-mismatch at /model/tensors/W");
  CHECK(weighed(certificate, {{"E", floats({3, 2})}, W, U}) == "weights-mismatch at /model/tensors/E");
  CHECK(weighed(certificate, {E, {"W", tensor("float16", {2, 2}, Bytes(8))}, U}) ==
        "weights-mismatch at /model/tensors/W");
}
