// The forms of files: which keys their objects have, and how many elements their arrays. schema/FORMAT.md in a table. A
// part's own stand in parts/part.cpp.
#pragma once

#include "reading/json_reader.hpp"
#include "reading/limits.hpp"

namespace verifier::forms {

inline constexpr Form scalar{}, data{.data = true};
inline constexpr Form pair{.element = &scalar, .most = 2};

inline constexpr Form::Member claim_members[] = {{"quantity", &scalar}, {"direction", &scalar}, {"bound", &scalar}};
inline constexpr Form claim{.members = claim_members};
inline constexpr Form claims{.element = &claim, .most = limits::claims, .too_many = reason::limit_claims};

inline constexpr Form shape{.element = &scalar, .most = limits::dimensions};
inline constexpr Form::Member tensor_members[] = {{"dtype", &scalar}, {"shape", &shape}, {"data", &data}};
inline constexpr Form tensor{.members = tensor_members};

inline constexpr Form ranges{.element = &pair, .most = limits::context, .too_many = reason::limit_context};
inline constexpr Form::Member inputs_members[] = {{"ranges", &ranges}, {"list", &tensor}};
inline constexpr Form inputs{.members = inputs_members};
inline constexpr Form positions{.element = &scalar, .most = limits::context, .too_many = reason::task_label};
inline constexpr Form::Member label_members[] = {
    {"name", &scalar}, {"positions", &positions}, {"modulus", &scalar}, {"degree", &scalar}, {"table", &tensor}};
inline constexpr Form label{.members = label_members};
inline constexpr Form::Member task_members[] = {{"inputs", &inputs}, {"label", &label}};
inline constexpr Form task{.members = task_members};

inline constexpr Form::Member map_members[] = {{"weight", &scalar}, {"layout", &scalar}, {"index", &scalar},
                                               {"rows", &pair},     {"columns", &pair},  {"bias", &scalar}};
inline constexpr Form map{.members = map_members};
inline constexpr Form maps{
    .element = &map, .members = map_members, .most = limits::context, .too_many = reason::type_mismatch}; // or one map
inline constexpr Form::Member scale_members[] = {{"eps", &scalar}, {"weight", &scalar}, {"bias", &scalar}};
inline constexpr Form scale{.members = scale_members};
inline constexpr Form::Member norm_members[] = {{"layer", &scale}, {"rms", &scale}};
inline constexpr Form norm{.members = norm_members};
inline constexpr Form::Member position_members[] = {{"tensor", &scalar}, {"to", &scalar}};
inline constexpr Form position_table{.members = position_members}; // or a string
inline constexpr Form::Member embedding_members[] = {{"tokens", &maps}, {"positions", &position_table}};
inline constexpr Form embedding{.members = embedding_members};
inline constexpr Form::Member scores_members[] = {{"factor", &scalar}};
inline constexpr Form scores{.members = scores_members}; // or a string
inline constexpr Form::Member attention_members[] = {{"norm", &norm},   {"heads", &scalar}, {"query", &map},
                                                     {"key", &map},     {"value", &map},    {"output", &map},
                                                     {"mask", &scalar}, {"scores", &scores}};
inline constexpr Form attention{.members = attention_members};
inline constexpr Form::Member mlp_members[] = {{"norm", &norm}, {"in", &map}, {"activation", &scalar}, {"out", &map}};
inline constexpr Form mlp{.members = mlp_members};
inline constexpr Form::Member block_members[] = {
    {"attention", &attention}, {"mlp", &mlp}, {"order", &scalar}, {"reads", &scalar}};
inline constexpr Form block{.members = block_members};
inline constexpr Form blocks{.element = &block, .most = limits::blocks, .too_many = reason::architecture_unsupported};
inline constexpr Form::Member pool_members[] = {{"position", &scalar}};
inline constexpr Form pool{.members = pool_members}; // or a string
inline constexpr Form::Member part_members[] = {{"weight", &scalar}, {"layout", &scalar}, {"index", &scalar},
                                                {"rows", &pair},     {"columns", &pair},  {"bias", &scalar},
                                                {"layer", &scale},   {"rms", &scale}};
inline constexpr Form part{.members = part_members}; // of the readout: a map, a norm, or a string
inline constexpr Form readout{.element = &part, .most = limits::readout, .too_many = reason::architecture_unsupported};
inline constexpr Form::Member architecture_members[] = {{"positions", &scalar}, {"embedding", &embedding},
                                                        {"blocks", &blocks},    {"norm", &norm},
                                                        {"pool", &pool},        {"readout", &readout}};
inline constexpr Form architecture{.members = architecture_members};

inline constexpr Form tensors{.value = &tensor, .most = limits::tensors, .too_many = reason::limit_tensors};
inline constexpr Form::Member model_members[] = {
    {"architecture", &architecture}, {"tensors", &tensors}, {"sha256", &scalar}};
inline constexpr Form model{.members = model_members};
inline constexpr Form witnesses{.value = &tensor, .most = limits::witnesses, .too_many = reason::witness_unused};

inline constexpr Form::Member tables_members[] = {{"operations", &scalar}};
inline constexpr Form tables{.members = tables_members};
inline constexpr Form::Member step_members[] = {{"id", &scalar},     {"rule", &scalar},      {"labels", &pair},
                                                {"inputs", &pair},   {"loss", &pair},        {"correct", &pair},
                                                {"margin", &scalar}, {"operations", &scalar}};
inline constexpr Form step{.members = step_members};
inline constexpr Form steps{.element = &step, .most = limits::steps, .too_many = reason::limit_steps};
inline constexpr Form provenance{
    .value = &scalar, .most = limits::provenance_entries, .too_many = reason::limit_provenance};

inline constexpr Form::Member certificate_members[] = {
    {"format", &scalar}, {"version", &scalar}, {"claims", &claims},
    {"task", &task},     {"model", &model},    {"witnesses", &witnesses},
    {"tables", &tables}, {"steps", &steps},    {"provenance", &provenance}};
inline constexpr Form certificate{.members = certificate_members};

inline constexpr Form::Member question_members[] = {
    {"format", &scalar}, {"version", &scalar}, {"task", &task}, {"model_sha256", &scalar}, {"claims", &claims}};
inline constexpr Form question{.members = question_members};

// The header of a safetensors file.
inline constexpr Form metadata{.value = &scalar, .most = limits::safetensors_entries, .too_many = reason::safetensors};
inline constexpr Form::Member entry_members[] = {{"dtype", &scalar}, {"shape", &shape}, {"data_offsets", &pair}};
inline constexpr Form entry{.members = entry_members};
inline constexpr Form::Member header_members[] = {{"__metadata__", &metadata}};
inline constexpr Form header{.members = header_members,
                             .value = &entry,
                             .most = limits::safetensors_entries,
                             .too_many = reason::weights_mismatch};

} // namespace verifier::forms
