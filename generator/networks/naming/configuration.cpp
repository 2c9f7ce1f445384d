// Configurations of TransformerLens: what each entry means in the words of a description.

#include "files/json_file.hpp"
#include "networks/architecture.hpp"
#include "networks/naming/facts.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <fmt/format.h>

#include <cmath>

namespace proofmark::networks {

namespace {

using Json = nlohmann::json;

class Configuration {
public:
  Configuration(const Json& json, std::string source) : json_(json), source_(std::move(source)) {}

  bool has(const char* key) const { return json_.contains(key) && !json_[key].is_null(); }
  bool is(const char* key) const { return has(key) && json_[key] == true; }
  std::string text(const char* key) const {
    return has(key) && json_[key].is_string() ? json_[key].get<std::string>() : "";
  }
  double number(const char* key) const { return has(key) && json_[key].is_number() ? json_[key].get<double>() : 0; }
  std::string shown(const char* key) const { return printable(json_[key].dump()); }

  [[noreturn]] void refuse(const char* key) const {
    throw Error(Exit::data, fmt::format("{} says {} {}, which no description can say", source_, key, shown(key)),
                "schema/FORMAT.md, section 5, says what descriptions can");
  }

private:
  const Json& json_;
  std::string source_;
};

// "1e-05" as a description writes it.
std::string decimal_text(double x) {
  std::string text = fmt::format("{}", x);
  if (const std::size_t e = text.find("e-0"); e != text.npos) text.erase(e + 2, 1);
  if (text.ends_with(".0")) text.erase(text.size() - 2);
  return text;
}

void read_activation(const Configuration& c, Facts& facts) {
  const std::string name = c.text("act_fn");
  const std::map<std::string, const char*> known = {{"relu", "relu"},          {"gelu", "gelu"},
                                                    {"gelu_new", "gelu-tanh"}, {"gelu_pytorch_tanh", "gelu-tanh"},
                                                    {"silu", "silu"},          {"tanh", "tanh"}};
  if (const auto word = known.find(name); word != known.end())
    facts.said.emplace("activation", word->second);
  else if (name == "gelu_fast")
    facts.notes.push_back("gelu_fast rounds sqrt(2/pi) to ten digits, gelu-tanh does not: --set activation=gelu-tanh "
                          "if that is close enough for you");
  else if (!name.empty() && !c.is("attn_only"))
    c.refuse("act_fn");
}

void read_norm(const Configuration& c, Facts& facts) {
  const std::string name = c.text("normalization_type");
  if (name == "LN" || name == "LNPre")
    facts.said.emplace("norm", "layer");
  else if (name == "RMS" || name == "RMSPre")
    facts.said.emplace("norm", "rms");
  else if (!c.has("normalization_type"))
    facts.said.emplace("norm", "none");
  else
    c.refuse("normalization_type");
  if (const double eps = c.number("eps"); eps > 0 && parse_exact_decimal(decimal_text(eps)))
    facts.said.emplace("eps", decimal_text(eps));
}

// Scores are divided by attn_scale, which is sqrt(d_head) where nobody says otherwise.
void read_scores(const Configuration& c, Facts& facts) {
  if (c.has("use_attn_scale") && !c.is("use_attn_scale")) {
    facts.said.emplace("scores", "unscaled");
    return;
  }
  const double scale = c.number("attn_scale"), usual = std::sqrt(c.number("d_head"));
  if (scale <= 0 || std::abs(scale - usual) <= 1e-6 * usual)
    facts.said.emplace("scores", "scaled");
  else if (const double factor = 1 / scale; factor * scale == 1 && parse_exact_decimal(decimal_text(factor)))
    facts.said.emplace("scores", nlohmann::ordered_json{{"factor", decimal_text(factor)}});
  else
    facts.notes.push_back(fmt::format("scores are divided by {}: --set scores=.. says by which decimal they are "
                                      "multiplied",
                                      c.shown("attn_scale")));
}

void read_positions(const Configuration& c, Facts& facts) {
  const std::string name = c.text("positional_embedding_type");
  if (name == "shortformer")
    facts.said.emplace("to", "scores");
  else if (!name.empty() && name != "standard")
    c.refuse("positional_embedding_type");
  const std::string direction = c.text("attention_dir");
  if (direction == "causal") facts.said.emplace("mask", "causal");
  if (direction == "bidirectional") facts.said.emplace("mask", "none");
}

void refuse_others(const Configuration& c) {
  for (const char* key : {"gated_mlp", "use_local_attn", "scale_attn_by_inverse_layer_idx", "use_qk_norm",
                          "post_embedding_ln", "use_normalization_before_and_after"})
    if (c.is(key)) c.refuse(key);
  for (const char* key : {"attn_scores_soft_cap", "output_logits_soft_cap"})
    if (c.number(key) > 0) c.refuse(key);
  if (c.number("num_experts") > 0) c.refuse("num_experts");
}

} // namespace

void read_configuration(Facts& facts, const std::filesystem::path& path) {
  const std::string source = in_quotes(path.string());
  const Json json = parse_unique(read_text(path), source);
  if (!json.is_object() || !json.contains("n_layers") || !json.contains("d_head"))
    throw Error(Exit::data, source + " is not a configuration of TransformerLens: it has no n_layers or d_head",
                "json.dump of the model's cfg.to_dict(), without what JSON cannot hold, writes one");
  const Configuration c(json, source);
  refuse_others(c);
  read_activation(c, facts);
  read_norm(c, facts);
  read_scores(c, facts);
  read_positions(c, facts);
  if (c.is("parallel_attn_mlp")) facts.said.emplace("reads", "block-input");
  for (const char* key : {"d_model", "d_vocab", "d_vocab_out", "n_layers", "n_heads", "d_head", "d_mlp"})
    if (c.number(key) > 0) facts.sizes[key] = static_cast<std::uint64_t>(c.number(key));
}

} // namespace proofmark::networks
