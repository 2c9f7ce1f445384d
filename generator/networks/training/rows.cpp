// Rows of tables, sums, multiples.

#include "networks/training/operations.hpp"

namespace proofmark::networks {

template <class Scalar>
Value<Scalar>& looked_up(Tape<Scalar>& tape, std::size_t position, Weight<Table<Scalar>> table,
                         Weight<Vector<Scalar>> bias) {
  Value<Scalar>& result = tape.value(PositionSet{1} << position, table.value->cols());
  std::vector<Token> tokens(static_cast<std::size_t>(result.rows.rows()));
  for (std::size_t row = 0; row < tokens.size(); ++row)
    tokens[row] = tape.combinations.token(result.positions, row, position);
  for (Eigen::Index row = 0; row < result.rows.rows(); ++row) {
    result.rows.row(row) = table.value->row(tokens[static_cast<std::size_t>(row)]);
    if (bias) result.rows.row(row) += *bias.value;
  }
  tape.on_the_way_back([&result, table, bias, tokens = std::move(tokens)] {
    for (Eigen::Index row = 0; row < result.rows.rows(); ++row) {
      table.gradient->row(tokens[static_cast<std::size_t>(row)]) += result.gradient.row(row);
      if (bias) *bias.gradient += result.gradient.row(row);
    }
  });
  return result;
}

template <class Scalar>
Value<Scalar>& shifted(Tape<Scalar>& tape, Value<Scalar>& x, Weight<Table<Scalar>> table, Eigen::Index number) {
  Value<Scalar>& result = tape.value(x.positions, x.rows.cols());
  result.rows = x.rows.rowwise() + table.value->row(number);
  tape.on_the_way_back([&result, &x, table, number] {
    x.gradient += result.gradient;
    for (Eigen::Index row = 0; row < result.gradient.rows(); ++row)
      table.gradient->row(number) += result.gradient.row(row);
  });
  return result;
}

template <class Scalar>
Value<Scalar>& sum(Tape<Scalar>& tape, Value<Scalar>& x, Value<Scalar>& y) {
  Value<Scalar>& result = tape.value(x.positions | y.positions, x.rows.cols());
  auto of_x = tape.combinations.route(result.positions, x.positions);
  auto of_y = tape.combinations.route(result.positions, y.positions);
  for (std::size_t row = 0; row < of_x.size(); ++row)
    result.rows.row(static_cast<Eigen::Index>(row)) = x.rows.row(of_x[row]) + y.rows.row(of_y[row]);
  tape.on_the_way_back([&result, &x, &y, of_x = std::move(of_x), of_y = std::move(of_y)] {
    for (std::size_t row = 0; row < of_x.size(); ++row) {
      x.gradient.row(of_x[row]) += result.gradient.row(static_cast<Eigen::Index>(row));
      y.gradient.row(of_y[row]) += result.gradient.row(static_cast<Eigen::Index>(row));
    }
  });
  return result;
}

template <class Scalar>
Value<Scalar>& scaled(Tape<Scalar>& tape, Value<Scalar>& x, Scalar factor) {
  Value<Scalar>& result = tape.value(x.positions, x.rows.cols());
  result.rows = factor * x.rows;
  tape.on_the_way_back([&result, &x, factor] { x.gradient += factor * result.gradient; });
  return result;
}

template Value<float>& looked_up(Tape<float>&, std::size_t, Weight<Table<float>>, Weight<Vector<float>>);
template Value<double>& looked_up(Tape<double>&, std::size_t, Weight<Table<double>>, Weight<Vector<double>>);
template Value<float>& shifted(Tape<float>&, Value<float>&, Weight<Table<float>>, Eigen::Index);
template Value<double>& shifted(Tape<double>&, Value<double>&, Weight<Table<double>>, Eigen::Index);
template Value<float>& sum(Tape<float>&, Value<float>&, Value<float>&);
template Value<double>& sum(Tape<double>&, Value<double>&, Value<double>&);
template Value<float>& scaled(Tape<float>&, Value<float>&, float);
template Value<double>& scaled(Tape<double>&, Value<double>&, double);

} // namespace proofmark::networks
