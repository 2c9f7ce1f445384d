// The pictures of a report, one file each. `suffix` makes names unique where a report has several models.
#pragma once

#include "comparison.hpp"
#include "figure.hpp"

namespace proofmark {

// Bound against length, one mark a verified proof that bounds the loss from above; nothing where there is none.
std::optional<Figure> frontier_figure(const ShownModel&, const Comparison&, const std::string& suffix);

// How far each bound lies above what is proved from below, and the claim above the bound; nothing likewise.
std::optional<Figure> slack_figure(const ShownModel&, const Comparison&, const std::string& suffix);

// The loss of one verified proof by label; nothing where it bounds no loss or numbers are too large to draw.
std::optional<Figure> labels_figure(const ShownModel&, const ShownProof&, const std::string& suffix);

Figure logits_figure(const LogitBlocks&, const std::string& suffix);

Figure training_figure(const TrainingCurve&);

} // namespace proofmark
