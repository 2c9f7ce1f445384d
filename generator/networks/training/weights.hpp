// The weights of an architecture, whatever stands for maps, vectors and tables: one after another, and others in their place.
#pragma once

#include "networks/architecture.hpp"

#include <optional>
#include <type_traits>
#include <variant>

namespace proofmark::networks {

namespace details {

template <class Norm, class Visit>
void visit_norm(Norm& norm, const Visit& visit) {
  if (norm.weight) visit(*norm.weight);
  if (norm.bias) visit(*norm.bias);
}

template <class Attention, class Visit>
void visit_attention(Attention& attention, const Visit& visit) {
  if (attention.norm) visit_norm(*attention.norm, visit);
  if (attention.query) visit(*attention.query);
  if (attention.key) visit(*attention.key);
  visit(attention.value);
  visit(attention.output);
}

} // namespace details

// visit(x) for each Map, Vector and Table, which differ by their type, or, where they do not, by what stands in them.
template <class Architecture, class Visit>
void for_each_weight(Architecture& architecture, const Visit& visit) {
  for (auto& map : architecture.tokens) visit(map);
  if (architecture.position_table) visit(architecture.position_table->table);
  for (auto& block : architecture.blocks) {
    if (block.attention) details::visit_attention(*block.attention, visit);
    if (!block.mlp) continue;
    if (block.mlp->norm) details::visit_norm(*block.mlp->norm, visit);
    visit(block.mlp->in);
    visit(block.mlp->out);
  }
  if (architecture.norm) details::visit_norm(*architecture.norm, visit);
  for (auto& part : architecture.readout)
    std::visit(
        [&](auto& word) {
          using Word = std::remove_cvref_t<decltype(word)>;
          if constexpr (std::is_same_v<Word, Activation>)
            return;
          else if constexpr (requires { word.eps; })
            details::visit_norm(word, visit);
          else
            visit(word);
        },
        part);
}

namespace details {

template <class To, class From, class Change>
Norm<To> with_weights(const Norm<From>& norm, const Change& change) {
  Norm<To> result{norm.kind, norm.eps, {}, {}};
  if (norm.weight) result.weight = change(*norm.weight);
  if (norm.bias) result.bias = change(*norm.bias);
  return result;
}

template <class To, class From, class Change>
std::optional<Norm<To>> with_weights(const std::optional<Norm<From>>& norm, const Change& change) {
  return norm ? std::optional(with_weights<To>(*norm, change)) : std::nullopt;
}

template <class To, class From, class Change>
Block<To> with_weights(const Block<From>& block, const Change& change) {
  Block<To> result;
  result.post = block.post;
  result.block_input = block.block_input;
  if (const auto& a = block.attention) {
    result.attention = {
        with_weights<To>(a->norm, change), a->heads, {}, {}, change(a->value), change(a->output), a->causal, a->scores};
    if (a->query) result.attention->query = change(*a->query);
    if (a->key) result.attention->key = change(*a->key);
  }
  if (const auto& m = block.mlp)
    result.mlp = {with_weights<To>(m->norm, change), change(m->in), m->activation, change(m->out)};
  return result;
}

} // namespace details

// The same architecture with change(x) in place of each x.
template <class To, class From, class Change>
Architecture<To> with_weights(const Architecture<From>& architecture, const Change& change) {
  Architecture<To> result;
  result.positions = architecture.positions;
  for (const auto& map : architecture.tokens) result.tokens.push_back(change(map));
  if (const auto& table = architecture.position_table) result.position_table = {change(table->table), table->to_scores};
  for (const auto& block : architecture.blocks) result.blocks.push_back(details::with_weights<To>(block, change));
  result.norm = details::with_weights<To>(architecture.norm, change);
  result.pool = architecture.pool;
  for (const auto& part : architecture.readout) {
    if (const auto* norm = std::get_if<Norm<From>>(&part))
      result.readout.emplace_back(details::with_weights<To>(*norm, change));
    else if (const auto* activation = std::get_if<Activation>(&part))
      result.readout.emplace_back(*activation);
    else
      result.readout.emplace_back(change(std::get<typename From::Map>(part)));
  }
  return result;
}

} // namespace proofmark::networks
