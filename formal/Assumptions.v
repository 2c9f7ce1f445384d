(* Everything that the theorems of this folder rest on; tests/formal compares what this prints with assumptions.txt. *)
From Proofmark Require Import Statement Inputs Loss Conclusion Enumeration Symmetry Convexity BlockJensen HeadTail Formats.

Definition rules := (@enumeration, @enumeration_accuracy, @symmetry, @symmetry_row, @symmetry_rows, @convexity, @convexity_pairs,
  @block_jensen, @head_tail, @head_tail_accuracy, @phi_max, @z_star_between, @accuracy_from_loss, @correct_from_loss).
Definition conclusion := (@inputs_each_once, @cover, @conclusion_upper, @conclusion_lower, @conclusion_accuracy).

Goal True. idtac "The rules:". Abort.
Print Assumptions rules.
Goal True. idtac "The conclusion:". Abort.
Print Assumptions conclusion.
Definition checkers_Z := (Symmetry_Z.check_sound, Symmetry_upper_Z.check_upper_sound, Sorted_Z.check_sorted_sound,
  Block_jensen_Z.check_block_jensen_sound, Head_tail_Z.check_head_tail_sound).
Goal True. idtac "The checkers over Z:". Abort.
Print Assumptions checkers_Z.
Definition checkers_BigZ := (Symmetry_BigZ.check_sound, Symmetry_upper_BigZ.check_upper_sound, Sorted_BigZ.check_sorted_sound,
  Block_jensen_BigZ.check_block_jensen_sound, Head_tail_BigZ.check_head_tail_sound).
Goal True. idtac "The checkers over BigZ:". Abort.
Print Assumptions checkers_BigZ.
Definition checkers_primitive := (Symmetry_primitive.check_sound, Symmetry_upper_primitive.check_upper_sound, Sorted_primitive.check_sorted_sound,
  Block_jensen_primitive.check_block_jensen_sound, Head_tail_primitive.check_head_tail_sound).
Goal True. idtac "The checkers over primitive floats:". Abort.
Print Assumptions checkers_primitive.
