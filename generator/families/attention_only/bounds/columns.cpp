#include "families/attention_only/bounds/columns.hpp"

#include <algorithm>
#include <limits>

namespace proofmark::attention_only {

namespace {

constexpr double none = -std::numeric_limits<double>::infinity();

Column column(const Label& label, std::uint64_t near) {
  Column result;
  result.u.resize(label.m + 1);
  result.y.resize(label.m + 1);
  result.main.resize(label.m + 1);
  result.far = near < label.m ? none : 0;
  return result;
}

void find_far(const Label& label, std::uint64_t near, Column& column) {
  for (std::uint64_t t = 0; t < label.m - near; ++t) column.far = std::max(column.far, column.y[t]);
}

} // namespace

Witnesses witnesses(const NearFarWitness& w) {
  const std::uint64_t V = w.near.size();
  Witnesses result;
  result["near"] = witness<std::uint16_t>({V}, w.near);
  if (w.head_size > 0) result["heads"] = witness<std::uint16_t>({V, w.head_size}, w.heads);
  if (!w.joint.empty()) result["joint"] = witness<std::uint8_t>({V}, w.joint);
  return result;
}

Hints hints(const NearFarWitness& w) {
  Hints result;
  result.near = w.near;
  result.heads = w.head_size;
  result.joint = w.joint;
  return result;
}

Column head_column(const Label& label, std::uint64_t near, std::uint16_t output) {
  Column result = column(label, near);
  for (std::uint64_t t = 0; t <= label.m; ++t) {
    result.u[t] = label.u(t, output);
    result.y[t] = label.y(t, output);
    result.main[t] = result.u[t] + label.y(label.m, output);
  }
  find_far(label, near, result);
  return result;
}

Column tail_column(const Label& label, std::uint64_t near, std::span<const std::uint16_t> heads, bool joint) {
  const std::uint64_t V = label.tables.V, m = label.m;
  std::vector<std::uint16_t> tail;
  for (std::uint64_t w = 0; w < V; ++w)
    if (w != m && std::find(heads.begin(), heads.end(), w) == heads.end())
      tail.push_back(static_cast<std::uint16_t>(w));
  Column result = column(label, near);
  for (std::uint64_t t = 0; t <= m; ++t) {
    result.u[t] = label.largest_u[t];
    result.y[t] = none;
    if (t < m - near)
      result.y[t] = label.largest_v[t] + label.largest_position;
    else
      for (const std::uint16_t w : tail) result.y[t] = std::max(result.y[t], label.y(t, w));
  }
  for (std::uint64_t q = 0; q <= m; ++q) {
    result.main[q] = joint ? none : result.u[q] + result.y[m];
    if (joint)
      for (const std::uint16_t w : tail) result.main[q] = std::max(result.main[q], label.u(q, w) + label.y(m, w));
  }
  find_far(label, near, result);
  return result;
}

} // namespace proofmark::attention_only
