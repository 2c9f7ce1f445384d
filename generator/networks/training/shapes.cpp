#include "networks/training/shapes.hpp"

#include <algorithm>

namespace proofmark::networks {

namespace {

using Shape = std::vector<std::uint64_t>;

// A matrix [in x out] as a layout stores it, the slices of heads apart.
Shape stored(Layout layout, std::uint64_t in, std::uint64_t out, std::uint64_t heads) {
  switch (layout) {
  case Layout::in_out:
  case Layout::tokens_width:
    return {in, out};
  case Layout::out_in:
  case Layout::width_tokens:
    return {out, in};
  case Layout::heads_in_head:
    return {heads, in, out / heads};
  case Layout::heads_head_out:
    return {heads, in / heads, out};
  }
  return {};
}

// The dimensions of a tensor that are columns of its matrix, which a bias has.
Shape of_columns(const Shape& shape, const NamedMap& map) {
  const bool stack = map.index.has_value();
  Shape result;
  if (stack) result.push_back(shape.front());
  if (map.layout == Layout::out_in || map.layout == Layout::width_tokens || map.layout == Layout::heads_in_head)
    result.push_back(shape[stack ? 1 : 0]);
  if (map.layout != Layout::out_in && map.layout != Layout::width_tokens) result.push_back(shape.back());
  return result;
}

class Blanks {
public:
  explicit Blanks(const Sizes& sizes) : sizes_(sizes) {}

  void map(const NamedMap& map, std::uint64_t in, std::uint64_t out, std::uint64_t heads = 1) {
    Shape shape = stored(map.layout, in, out, heads);
    if (map.rows) shape.front() = map.rows->to;
    if (map.columns) shape.back() = map.columns->to;
    if (map.index) shape.insert(shape.begin(), *map.index + 1);
    grow(map.weight, shape, Blank::Start::random);
    if (map.bias) biased_.push_back(&map);
  }

  template <class Norm>
  void norm(const Norm& norm, std::uint64_t width) {
    if (norm.weight) grow(*norm.weight, {width}, Blank::Start::ones);
    if (norm.bias) grow(*norm.bias, {width}, Blank::Start::zeros);
  }

  void grow(const std::string& name, const Shape& shape, Blank::Start start) {
    const auto [known, fresh] = blanks_.try_emplace(name, Blank{shape, start});
    Shape& had = known->second.shape;
    if (fresh || had.size() != shape.size()) return; // where ranks differ, one of the two uses will not fit
    std::transform(had.begin(), had.end(), shape.begin(), had.begin(),
                   [](std::uint64_t a, std::uint64_t b) { return std::max(a, b); });
  }

  void attention(const Attention<Names>& a) {
    if (a.norm) norm(*a.norm, sizes_.width);
    const std::uint64_t all_heads = a.heads * (sizes_.head_width != 0 ? sizes_.head_width : sizes_.width / a.heads);
    for (const auto* into : {a.query ? &*a.query : nullptr, a.key ? &*a.key : nullptr, &a.value})
      if (into) map(*into, sizes_.width, all_heads, a.heads);
    map(a.output, all_heads, sizes_.width, a.heads);
  }

  void readout(const Description& description) {
    const auto is_map = [](const auto& part) { return std::holds_alternative<NamedMap>(part); };
    auto maps = std::count_if(description.readout.begin(), description.readout.end(), is_map);
    std::uint64_t width = sizes_.width;
    for (const auto& part : description.readout) {
      if (const auto* of = std::get_if<NamedMap>(&part)) {
        const std::uint64_t next = --maps == 0 ? sizes_.classes : sizes_.mlp_width;
        map(*of, width, next);
        width = next;
      } else if (const auto* of_rows = std::get_if<Norm<Names>>(&part)) {
        norm(*of_rows, width);
      }
    }
  }

  std::map<std::string, Blank> result() {
    for (const NamedMap* map : biased_)
      grow(*map->bias, of_columns(blanks_.at(map->weight).shape, *map), Blank::Start::zeros);
    return std::move(blanks_);
  }

private:
  const Sizes& sizes_;
  std::map<std::string, Blank> blanks_;
  std::vector<const NamedMap*> biased_;
};

} // namespace

std::map<std::string, Blank> blanks(const Description& description, const Sizes& sizes) {
  Blanks blanks(sizes);
  for (std::size_t p = 0; p < description.positions; ++p)
    blanks.map(description.tokens_at(p), sizes.tokens[p], sizes.width);
  if (description.position_table)
    blanks.grow(description.position_table->table, {description.positions, sizes.width}, Blank::Start::random);
  for (const auto& block : description.blocks) {
    if (block.attention) blanks.attention(*block.attention);
    if (!block.mlp) continue;
    if (block.mlp->norm) blanks.norm(*block.mlp->norm, sizes.width);
    blanks.map(block.mlp->in, sizes.width, sizes.mlp_width);
    blanks.map(block.mlp->out, sizes.mlp_width, sizes.width);
  }
  if (description.norm) blanks.norm(*description.norm, sizes.width);
  blanks.readout(description);
  return blanks.result();
}

} // namespace proofmark::networks
