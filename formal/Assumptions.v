(* Everything that the theorems of this folder rest on; tests/formal compares what this prints with assumptions.txt. *)
From Proofmark Require Import Statement Inputs Loss Conclusion Enumeration Symmetry Convexity BlockJensen HeadTail.

Definition rules := (@enumeration, @enumeration_accuracy, @symmetry, @symmetry_row, @symmetry_rows, @convexity, @convexity_pairs,
  @block_jensen, @head_tail, @head_tail_accuracy, @phi_max, @accuracy_from_loss, @correct_from_loss).
Definition conclusion := (@inputs_each_once, @cover, @conclusion_upper, @conclusion_lower, @conclusion_accuracy).
Print Assumptions rules.
Print Assumptions conclusion.
