// A description as a formula. `x` has a row for each position; statements are separated by semicolons.

#include "networks/words.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cctype>

namespace proofmark::networks {

namespace {

std::string tensor_name(const std::string& name) {
  for (const char c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '_') return nlohmann::json(name).dump();
  return name;
}

std::string cut_text(const std::optional<Cut>& cut) {
  return cut ? fmt::format("{}:{}", cut->from, cut->to) : ":";
}

std::string matrix(const NamedMap& map) {
  std::string cuts;
  if (map.index) cuts = std::to_string(*map.index);
  if (map.rows || map.columns) cuts += (cuts.empty() ? "" : ", ") + cut_text(map.rows);
  if (map.columns) cuts += ", " + cut_text(map.columns);
  const bool turned = map.layout == Layout::out_in || map.layout == Layout::width_tokens;
  return fmt::format("{}{}{}", tensor_name(map.weight), cuts.empty() ? "" : "[" + cuts + "]", turned ? "^T" : "");
}

std::string plus(const std::optional<std::string>& bias) {
  return bias ? " + " + tensor_name(*bias) : std::string();
}

// A term and whether it is a sum, which needs brackets as a factor.
struct Term {
  std::string text;
  bool sum = false;
};

Term mapped(const NamedMap& map, const Term& x) {
  return {fmt::format("{} @ {}{}", x.sum ? "(" + x.text + ")" : x.text, matrix(map), plus(map.bias)),
          map.bias.has_value()};
}

Term normalised(const Norm<Names>& norm, const std::string& x) {
  std::string text = fmt::format("{}({}; {})", norm.kind == NormKind::layer ? "layer" : "rms", x, norm.eps.text);
  if (norm.weight) text += " * " + tensor_name(*norm.weight);
  return {text + plus(norm.bias), norm.bias.has_value()};
}

Term activated(Activation activation, const Term& x) {
  return {fmt::format("{}({})", name(activation), x.text)};
}

Term attended(const Attention<Names>& a, const std::string& x, const std::optional<PositionTable<Names>>& table) {
  std::string text = "mean(V)",
              parts = fmt::format("{} head{}{}", a.heads, a.heads == 1 ? "" : "s", a.causal ? ", causal" : "");
  if (a.query) {
    Term placed{x};
    if (table && table->to_scores) placed = {x + " + " + tensor_name(table->table), true};
    const std::string factor = a.scores.kind == Scores::Kind::scaled   ? " / sqrt(h)"
                               : a.scores.kind == Scores::Kind::factor ? " * " + a.scores.factor.text
                                                                       : "";
    text = fmt::format("softmax(Q K^T{}) V", factor);
    parts += fmt::format(", Q = {}, K = {}", mapped(*a.query, placed).text, mapped(*a.key, placed).text);
  }
  return mapped(a.output, {fmt::format("[{}: {}, V = {}]", text, parts, mapped(a.value, {x}).text)});
}

// The statements by which one part of a block changes x; `part` makes the part of the name that it reads.
template <class Part>
std::string added(const std::optional<Norm<Names>>& norm, bool post, const std::string& reads, const Part& part) {
  if (norm && post) return fmt::format("; x = {}", normalised(*norm, "x + " + part(reads)).text);
  if (!norm) return fmt::format("; x += {}", part(reads));
  return fmt::format("; y = {}; x += {}", normalised(*norm, reads).text, part("y"));
}

std::string pooled(const Pool& pool) {
  switch (pool.kind) {
  case Pool::Kind::last:
    return "x[last]";
  case Pool::Kind::sum:
    return "sum(x)";
  case Pool::Kind::mean:
    return "mean(x)";
  case Pool::Kind::position:
    return fmt::format("x[{}]", pool.position);
  }
  return {};
}

} // namespace

std::string formula(const Description& d) {
  std::string tokens;
  for (const NamedMap& map : d.tokens) tokens += (tokens.empty() ? "" : ", ") + matrix(map) + "[t]" + plus(map.bias);
  std::string text = "x = " + (d.tokens.size() > 1 ? "(" + tokens + ")" : tokens);
  if (d.position_table && !d.position_table->to_scores) text += " + " + tensor_name(d.position_table->table);
  for (const auto& block : d.blocks) {
    if (block.block_input) text += "; u = x";
    if (block.attention)
      text += added(block.attention->norm, block.post, "x",
                    [&](const std::string& x) { return attended(*block.attention, x, d.position_table).text; });
    if (block.mlp)
      text += added(block.mlp->norm, block.post, block.block_input ? "u" : "x", [&](const std::string& x) {
        return mapped(block.mlp->out, activated(block.mlp->activation, mapped(block.mlp->in, {x}))).text;
      });
  }
  if (d.norm) text += "; x = " + normalised(*d.norm, "x").text;
  Term out{pooled(d.pool)};
  for (const Description::Part& part : d.readout) {
    if (const auto* map = std::get_if<NamedMap>(&part)) out = mapped(*map, out);
    if (const auto* norm = std::get_if<Norm<Names>>(&part)) out = normalised(*norm, out.text);
    if (const auto* activation = std::get_if<Activation>(&part)) out = activated(*activation, out);
  }
  return text + "; logits = " + out.text;
}

} // namespace proofmark::networks
