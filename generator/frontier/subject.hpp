// What a frontier is of: a model of a family, or a described network; how each of its points is planned and proved.
#pragma once

#include "frontier/finished_point.hpp"
#include "frontier/points.hpp"
#include "proofs/proving.hpp"
#include "strategies/ledger.hpp"

namespace proofmark {

struct PlannedPoint {
  Integer length;        // of checking it
  double seconds;        // of finding it, likely
  std::string ledger_of; // empty: nothing is kept

  using Progress = std::function<void(double)>;
  using Say = std::function<void(const std::string&)>;
  std::function<Certificate(const Progress&, Ledger*, const Say&)> prove;

  // Once it is proved and verified: what it and its steps add to the exact loss, where that is known.
  std::function<void(FinishedPoint&)> compare;
};

struct Subject {
  FiniteTask task;
  std::string function; // in one line
  std::string model_sha256;
  std::uint64_t classes = 0;
  std::optional<Shape> shape;     // of a family's model
  std::optional<Integer> whole;   // operations of enumeration; of a described network of every input by itself
  std::vector<std::string> exact; // strategies that find the accuracy itself
  std::vector<Point> points;      // all that there are
  std::function<PlannedPoint(const Point&)> plan; // throws Error
};

// `common`: what all points share (context, steps, threads).
Subject subject_of(const Model&, const ProofOptions& common);
Subject subject_of(const networks::DescribedModel&, const FiniteTask&, const ProofOptions& common);

// Before there is a model: what is known of it by its shape. Nothing can be proved of it.
Subject outline_of(const Shape&, const ProofOptions& common);

} // namespace proofmark
