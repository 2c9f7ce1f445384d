#include "models/words.hpp"
#include "reading/text.hpp"

namespace verifier {
namespace {

std::string named(const std::string& tensor) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._";
  return tensor.find_first_not_of(plain) == std::string::npos ? tensor : quoted(tensor);
}

std::string slice(const std::optional<Range>& range) {
  return range ? std::to_string(range->from) + ":" + std::to_string(range->to) : ":";
}
std::string matrix(const Map& map) {
  std::string cut;
  const auto add = [&](const std::string& text) { cut += (cut.empty() ? "" : ", ") + text; };
  if (map.index) add(std::to_string(*map.index));
  if (map.rows || map.columns) add(slice(map.rows));
  if (map.columns) add(slice(map.columns));
  const bool turned = map.layout == Layout::out_in || map.layout == Layout::width_tokens;
  return named(map.weight) + (cut.empty() ? "" : "[" + cut + "]") + (turned ? "^T" : "");
}
std::string plus(const std::optional<std::string>& bias) {
  return bias ? " + " + named(*bias) : "";
}

struct Expression {
  std::string text;
  bool is_sum = false;
  std::string factor() const { return is_sum ? "(" + text + ")" : text; }
};

Expression mapped(const Map& map, const Expression& x) {
  return {x.factor() + " @ " + matrix(map) + plus(map.bias), map.bias.has_value()};
}
Expression normed(const Norm& norm, const Expression& x) {
  const std::string scale = norm.weight ? " * " + named(*norm.weight) : "";
  return {std::string(norm.subtracts_mean ? "layer" : "rms") + "(" + x.text + "; " + norm.eps.text + ")" + scale +
              plus(norm.bias),
          norm.bias.has_value()};
}
Expression activated(Activation activation, const Expression& x) {
  return {std::string(name(activation)) + "(" + x.text + ")"};
}

std::string factor_of_scores(const Attention& attention) {
  switch (attention.scores) {
  case Scores::scaled:
    return " / sqrt(h)";
  case Scores::factor:
    return " * " + attention.factor->text;
  case Scores::unscaled:
  case Scores::uniform:
    break;
  }
  return "";
}

class Formula {
public:
  explicit Formula(const Architecture& model) : model_(model) {}

  std::string text() {
    std::string embedding;
    for (const Map& map : model_.tokens)
      embedding += (embedding.empty() ? "" : ", ") + matrix(map) + "[t]" + plus(map.bias);
    if (model_.tokens.size() > 1) embedding = "(" + embedding + ")";
    const auto& table = model_.position_table;
    say("x = " + embedding + (table && !table->to_scores ? " + " + named(table->tensor) : ""));
    for (const Block& block : model_.blocks) say_block(block);
    if (model_.norm) say("x = " + normed(*model_.norm, {"x"}).text);
    say("logits = " + readout().text);
    return text_;
  }

private:
  void say(const std::string& statement) { text_ += (text_.empty() ? "" : "; ") + statement; }

  void say_block(const Block& block) {
    if (block.mlp_reads_input) say("u = x");
    if (block.attention) {
      const auto& norm = block.attention->norm;
      say_added(attended(*block.attention, read(norm, block.norm_follows, "x")), norm, block.norm_follows);
    }
    if (block.mlp) {
      const auto& norm = block.mlp->norm;
      const Expression x = read(norm, block.norm_follows, block.mlp_reads_input ? "u" : "x");
      say_added(mapped(block.mlp->out, activated(block.mlp->activation, mapped(block.mlp->in, x))), norm,
                block.norm_follows);
    }
  }
  Expression read(const std::optional<Norm>& norm, bool follows, const std::string& x) {
    if (!norm || follows) return {x};
    say("y = " + normed(*norm, {x}).text);
    return {"y"};
  }
  void say_added(const Expression& part, const std::optional<Norm>& norm, bool follows) {
    if (norm && follows)
      say("x = " + normed(*norm, {"x + " + part.text}).text);
    else
      say("x += " + part.text);
  }
  Expression attended(const Attention& a, const Expression& x) const {
    std::string heads = std::to_string(a.heads) + (a.heads == 1 ? " head" : " heads");
    if (a.causal) heads += ", causal";
    std::string mixed = "mean(V)";
    if (a.query) {
      const auto& table = model_.position_table;
      const Expression placed = table && table->to_scores ? Expression{x.text + " + " + named(table->tensor), true} : x;
      mixed = "softmax(Q K^T" + factor_of_scores(a) + ") V";
      heads += ", Q = " + mapped(*a.query, placed).text + ", K = " + mapped(*a.key, placed).text;
    }
    return mapped(a.output, {"[" + mixed + ": " + heads + ", V = " + mapped(a.value, x).text + "]"});
  }
  Expression readout() const {
    Expression x;
    switch (model_.pool) {
    case Pool::last:
      x.text = "x[last]";
      break;
    case Pool::sum:
      x.text = "sum(x)";
      break;
    case Pool::mean:
      x.text = "mean(x)";
      break;
    case Pool::position:
      x.text = "x[" + std::to_string(model_.pooled_position) + "]";
      break;
    }
    for (const ReadoutPart& part : model_.readout) {
      if (const auto* map = std::get_if<Map>(&part))
        x = mapped(*map, x);
      else if (const auto* norm = std::get_if<Norm>(&part))
        x = normed(*norm, x);
      else
        x = activated(std::get<Activation>(part), x);
    }
    return x;
  }

  const Architecture& model_;
  std::string text_;
};

} // namespace

std::string formula(const Architecture& model) {
  return Formula(model).text();
}

} // namespace verifier
