(* What the checkers must refuse, each beside its twin that passes. Every line is computed by Coq when this file is built. *)
From Coq Require Import List ZArith QArith.
From Proofmark Require Import Statement HeadTailChecker Formats.
Import ListNotations.
Open Scope Z_scope.

(* schema/smallest.json: mean loss 0.36164964.., three of four inputs correct *)
Definition E : tensor := [[(0, 0); (1, 0)]].
Definition W : tensor := [[(1, 0)]].
Definition U : tensor := [[(0, 0)]; [(1, 0)]].

Definition all_three V d E W U claims := (* one answer from each kind of numbers *)
  (Symmetry_primitive.check (primitive_bits 53) V d E W U claims, Symmetry_BigZ.check (BigZ_bits 64) V d E W U claims,
   Symmetry_Z.check (Z_bits 64) V d E W U claims).
Notation accepted := (true, true, true).
Notation refused := (false, false, false).

(* bounds, true and false *)
Example upper : all_three 2 1 E W U [Loss_at_most (36165 # 100000)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example upper_false : all_three 2 1 E W U [Loss_at_most (36164 # 100000)] = refused. Proof. vm_compute. reflexivity. Qed.
Example lower : all_three 2 1 E W U [Loss_at_least (36164 # 100000)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example lower_false : all_three 2 1 E W U [Loss_at_least (36165 # 100000)] = refused. Proof. vm_compute. reflexivity. Qed.
Example correct_inputs : all_three 2 1 E W U [Accuracy_at_least (3 # 4)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example correct_inputs_false : all_three 2 1 E W U [Accuracy_at_least (4 # 4)] = refused. Proof. vm_compute. reflexivity. Qed.
Example one_of_many_false : all_three 2 1 E W U [Loss_at_most (1 # 1); Loss_at_least (1 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.

(* a tie is not correct: with weights 0 every logit is equal *)
Example tie : all_three 2 1 [[(0, 0); (0, 0)]] W U [Accuracy_at_least (0 # 1)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example tie_false : all_three 2 1 [[(0, 0); (0, 0)]] W U [Accuracy_at_least (1 # 4)] = refused. Proof. vm_compute. reflexivity. Qed.

(* shapes *)
Example embedding_long : all_three 2 1 [[(0, 0); (1, 0); (0, 0)]] W U [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example embedding_short : all_three 2 1 [[(0, 0)]] W U [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example linear_missing : all_three 2 1 E [] U [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example unembedding_ragged : all_three 2 1 E W [[(0, 0)]; []] [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example wrong_width : all_three 2 2 E W U [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example no_vocabulary : all_three 0 1 [[]] W [] [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.

(* numbers that overflow binary64, or become infinite minus infinite: no answer, hence no *)
Definition huge : tensor := [[(0, 0); (1, 1024)]].
Example overflow : Symmetry_primitive.check (primitive_bits 53) 2 1 huge W U [Loss_at_most (9 # 1)] = false. Proof. vm_compute. reflexivity. Qed.
Example infinite_minus_infinite : Symmetry_primitive.check (primitive_bits 53) 2 1 [[(-1, 1024); (1, 1024)]] W U [Loss_at_least (1 # 1000000)] = false.
Proof. vm_compute. reflexivity. Qed.
(* a comparison may be decided all the same: the label's logit is large *)
Example overflow_correct : Symmetry_primitive.check (primitive_bits 53) 2 1 huge W U [Accuracy_at_least (3 # 4)] = true. Proof. vm_compute. reflexivity. Qed.
Example large : Symmetry_primitive.check (primitive_bits 53) 2 1 [[(0, 0); (1, 9)]] W U [Loss_at_most (9 # 1)] = true. Proof. vm_compute. reflexivity. Qed.
Example subnormal : Symmetry_primitive.check (primitive_bits 53) 2 1 [[(0, 0); (1, -1100)]] W U [Loss_at_most (7 # 10)] = true. Proof. vm_compute. reflexivity. Qed.

(** Upper bounds by upper ends alone. *)
Definition upper_of V d E W U claims :=
  (Symmetry_upper_primitive.check_upper (primitive_bits 53) V d E W U claims, Symmetry_upper_BigZ.check_upper (BigZ_bits 64) V d E W U claims,
   Symmetry_upper_Z.check_upper (Z_bits 64) V d E W U claims).
Example upper_ends : upper_of 2 1 E W U [Loss_at_most (36165 # 100000)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example upper_ends_false : upper_of 2 1 E W U [Loss_at_most (36164 # 100000)] = refused. Proof. vm_compute. reflexivity. Qed.
Example upper_ends_not_lower : upper_of 2 1 E W U [Loss_at_least (36164 # 100000)] = refused. Proof. vm_compute. reflexivity. Qed.
Example upper_ends_not_accuracy : upper_of 2 1 E W U [Accuracy_at_least (3 # 4)] = refused. Proof. vm_compute. reflexivity. Qed.
Example upper_ends_one_of_many : upper_of 2 1 E W U [Loss_at_most (1 # 1); Loss_at_most (36164 # 100000)] = refused. Proof. vm_compute. reflexivity. Qed.
Example upper_ends_wrong_width : upper_of 2 2 E W U [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example upper_ends_embedding_long : upper_of 2 1 [[(0, 0); (1, 0); (0, 0)]] W U [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example upper_ends_ragged : upper_of 2 1 E W [[(0, 0)]; []] [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example upper_ends_no_vocabulary : upper_of 0 1 [[]] W [] [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example upper_ends_overflow : Symmetry_upper_primitive.check_upper (primitive_bits 53) 2 1 huge W U [Loss_at_most (9 # 1)] = false. Proof. vm_compute. reflexivity. Qed.
Example upper_ends_large : Symmetry_upper_primitive.check_upper (primitive_bits 53) 2 1 [[(0, 0); (1, 9)]] W U [Loss_at_most (9 # 1)] = true. Proof. vm_compute. reflexivity. Qed.

(** Any context length. The first model's mean loss is 0.50320443.. for n = 1 and 0.25778795.. for n = 3; of V = 3 below, n = 4, 0.46248841.. *)
Definition any_length V n d E W U claims := (* one answer from each kind of numbers *)
  (Sorted_primitive.check_sorted (primitive_bits 53) V n d E W U claims, Sorted_BigZ.check_sorted (BigZ_bits 64) V n d E W U claims,
   Sorted_Z.check_sorted (Z_bits 64) V n d E W U claims).
Example one_token : any_length 2 1 1 E W U [Loss_at_most (50321 # 100000); Loss_at_least (50320 # 100000); Accuracy_at_least (1 # 2)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example one_token_false : any_length 2 1 1 E W U [Loss_at_most (50320 # 100000)] = refused. Proof. vm_compute. reflexivity. Qed.
Example three_tokens : any_length 2 3 1 E W U [Loss_at_most (25779 # 100000); Loss_at_least (25778 # 100000); Accuracy_at_least (7 # 8)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example three_tokens_upper_false : any_length 2 3 1 E W U [Loss_at_most (25778 # 100000)] = refused. Proof. vm_compute. reflexivity. Qed.
Example three_tokens_lower_false : any_length 2 3 1 E W U [Loss_at_least (25779 # 100000)] = refused. Proof. vm_compute. reflexivity. Qed.
Example three_tokens_correct_false : any_length 2 3 1 E W U [Accuracy_at_least (8 # 8)] = refused. Proof. vm_compute. reflexivity. Qed.
Example three_tokens_tie_false : any_length 2 3 1 [[(0, 0); (0, 0)]] W U [Accuracy_at_least (1 # 8)] = refused. Proof. vm_compute. reflexivity. Qed.
Example four_tokens : any_length 3 4 1 [[(0, 0); (1, 0); (1, 1)]] W [[(0, 0)]; [(1, 0)]; [(1, 1)]] [Loss_at_most (46249 # 100000); Loss_at_least (46248 # 100000); Accuracy_at_least (65 # 81)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example four_tokens_false : any_length 3 4 1 [[(0, 0); (1, 0); (1, 1)]] W [[(0, 0)]; [(1, 0)]; [(1, 1)]] [Accuracy_at_least (66 # 81)] = refused. Proof. vm_compute. reflexivity. Qed.
Example no_token : any_length 2 0 1 E W U [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example three_tokens_wrong_width : any_length 2 3 2 E W U [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example three_tokens_no_vocabulary : any_length 0 3 1 [[]] W [] [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.

(** head-tail@1: witnesses decide how good a bound is, never whether it is true. V = 3, M[a,k] = a k: mean loss 0.71810999.., five of nine correct. *)
Definition E3 : tensor := [[(0, 0); (1, 0); (1, 1)]].
Definition U3 : tensor := [[(0, 0)]; [(1, 0)]; [(1, 1)]].
Definition ones_3 : list dyadic := [(1, 0); (1, 0); (1, 0)].
Definition none_3 : list dyadic := [(0, 0); (0, 0); (0, 0)].
Definition heads_3 : list (list nat) := [[2; 1]; [1; 0]; [0; 2]]%nat.
Definition head_tail heads sizes levels groups weights u v claims := (* one answer from each kind of numbers *)
  let x := Witnesses heads sizes levels groups weights u v in
  (Head_tail_primitive.check_head_tail (primitive_bits 53) 3 x 1 E3 W U3 claims,
   Head_tail_BigZ.check_head_tail (BigZ_bits 64) 3 x 1 E3 W U3 claims, Head_tail_Z.check_head_tail (Z_bits 64) 3 x 1 E3 W U3 claims).

Example plain : head_tail heads_3 [1]%nat [] [] ones_3 none_3 none_3 [Loss_at_most (1027 # 1000)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example plain_tight : head_tail heads_3 [1]%nat [] [] ones_3 none_3 none_3 [Loss_at_most (1026 # 1000)] = refused. Proof. vm_compute. reflexivity. Qed.
Example grouped : head_tail heads_3 [1]%nat [] [0; 0; 1]%nat ones_3 none_3 none_3 [Loss_at_most (741 # 1000)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example grouped_tight : head_tail heads_3 [1]%nat [] [0; 0; 1]%nat ones_3 none_3 none_3 [Loss_at_most (740 # 1000)] = refused. Proof. vm_compute. reflexivity. Qed.
Example weighed : head_tail heads_3 [1]%nat [] [] [(1, 0); (1, 0); (1, 4)] none_3 none_3 [Loss_at_most (852 # 1000)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example weighed_tight : head_tail heads_3 [1]%nat [] [] [(1, 0); (1, 0); (1, 4)] none_3 none_3 [Loss_at_most (851 # 1000)] = refused. Proof. vm_compute. reflexivity. Qed.
Example levelled : head_tail heads_3 [1; 2]%nat [[0]; [0; 1]; [1; 1; 1]]%nat [] ones_3 none_3 none_3 [Loss_at_most (908 # 1000)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example levelled_tight : head_tail heads_3 [1; 2]%nat [[0]; [0; 1]; [1; 1; 1]]%nat [] ones_3 none_3 none_3 [Loss_at_most (907 # 1000)] = refused. Proof. vm_compute. reflexivity. Qed.
Example multiplied : head_tail heads_3 [1]%nat [] [] ones_3 [(1, -1); (1, -1); (1, -1)] ones_3 [Loss_at_most (883 # 1000)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example multiplied_tight : head_tail heads_3 [1]%nat [] [] ones_3 [(1, -1); (1, -1); (1, -1)] ones_3 [Loss_at_most (882 # 1000)] = refused. Proof. vm_compute. reflexivity. Qed.
Example exact_level : head_tail heads_3 [3]%nat [] [] ones_3 none_3 none_3 [Loss_at_most (719 # 1000); Loss_at_least (718 # 1000); Accuracy_at_least (5 # 9)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example exact_level_false : head_tail heads_3 [3]%nat [] [] ones_3 none_3 none_3 [Loss_at_most (718 # 1000)] = refused. Proof. vm_compute. reflexivity. Qed.
Example exact_level_accuracy_false : head_tail heads_3 [3]%nat [] [] ones_3 none_3 none_3 [Accuracy_at_least (6 # 9)] = refused. Proof. vm_compute. reflexivity. Qed.
Example level_unknown_is_exact : head_tail heads_3 [1]%nat [[7]; [7; 7]; [7; 7; 7]]%nat [] ones_3 none_3 none_3 [Loss_at_most (719 # 1000)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example from_below : head_tail [[2; 1]; [2; 1]; [2; 1]]%nat [2]%nat [] [] ones_3 none_3 none_3 [Loss_at_least (646 # 1000)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example from_below_tight : head_tail [[2; 1]; [2; 1]; [2; 1]]%nat [2]%nat [] [] ones_3 none_3 none_3 [Loss_at_least (647 # 1000)] = refused. Proof. vm_compute. reflexivity. Qed.
Example heads_twice : head_tail [[2; 2]; [2; 2]; [2; 2]]%nat [2]%nat [] [] ones_3 none_3 none_3 [Loss_at_least (444 # 1000)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example heads_twice_tight : head_tail [[2; 2]; [2; 2]; [2; 2]]%nat [2]%nat [] [] ones_3 none_3 none_3 [Loss_at_least (445 # 1000)] = refused. Proof. vm_compute. reflexivity. Qed.
Example lower_zero : head_tail heads_3 [1]%nat [] [] ones_3 none_3 none_3 [Loss_at_least (0 # 1)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example half_correct : head_tail [[2; 1]; [2; 1]; [2; 1]]%nat [1]%nat [] [] ones_3 none_3 none_3 [Accuracy_at_least (5 # 9)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example half_correct_tight : head_tail [[2; 1]; [2; 1]; [2; 1]]%nat [1]%nat [] [] ones_3 none_3 none_3 [Accuracy_at_least (6 # 9)] = refused. Proof. vm_compute. reflexivity. Qed.
Example multipliers_huge : head_tail heads_3 [1]%nat [] [] ones_3 [(1, 40); (1, 40); (1, 40)] ones_3 [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example multipliers_negative : head_tail heads_3 [1]%nat [] [] ones_3 [(-1, 0); (0, 0); (0, 0)] none_3 [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example label_multipliers_negative : head_tail heads_3 [1]%nat [] [] ones_3 none_3 [(0, 0); (-1, -9); (0, 0)] [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example multipliers_missing : head_tail heads_3 [1]%nat [] [] ones_3 [(0, 0)] none_3 [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example weight_zero : head_tail heads_3 [1]%nat [] [] [(1, 0); (0, 0); (1, 0)] none_3 none_3 [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example weight_negative : head_tail heads_3 [1]%nat [] [] [(1, 0); (1, 0); (-1, 0)] none_3 none_3 [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example weights_missing : head_tail heads_3 [1]%nat [] [] [] none_3 none_3 [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example size_zero : head_tail heads_3 [0]%nat [] [] ones_3 none_3 none_3 [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example heads_missing : head_tail [[2]; [1]]%nat [1]%nat [] [] ones_3 none_3 none_3 [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example head_empty : head_tail [[2]; []; [0]]%nat [1]%nat [] [] ones_3 none_3 none_3 [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example head_outside : head_tail [[2]; [1]; [3]]%nat [1]%nat [] [] ones_3 none_3 none_3 [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.

(** block-jensen@1: blocks and multipliers decide how good a bound is, never whether it is true. *)
Definition block_jensen starts u claims := (* one answer from each kind of numbers *)
  (Block_jensen_primitive.check_block_jensen (primitive_bits 53) 2 u starts 1 E W U claims,
   Block_jensen_BigZ.check_block_jensen (BigZ_bits 64) 2 u starts 1 E W U claims, Block_jensen_Z.check_block_jensen (Z_bits 64) 2 u starts 1 E W U claims).
Definition ones : list dyadic := [(1, 0); (1, 0)].

Example block_each : block_jensen [0; 1]%nat ones [Loss_at_most (36165 # 100000)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example block_each_false : block_jensen [0; 1]%nat ones [Loss_at_most (36164 # 100000)] = refused. Proof. vm_compute. reflexivity. Qed.
Example block_one : block_jensen [0]%nat ones [Loss_at_most (39 # 100)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example block_one_tight : block_jensen [0]%nat ones [Loss_at_most (38 # 100)] = refused. Proof. vm_compute. reflexivity. Qed.
Example block_multipliers : block_jensen [0]%nat [(1, 0); (3, -1)] [Loss_at_most (37 # 100)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example block_multipliers_tight : block_jensen [0]%nat [(1, 0); (3, -1)] [Loss_at_most (36 # 100)] = refused. Proof. vm_compute. reflexivity. Qed.
Example block_multipliers_far_apart : block_jensen [0]%nat [(1, 0); (1, 9)] [Loss_at_most (4 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example block_multipliers_far_apart_loose : block_jensen [0]%nat [(1, 0); (1, 9)] [Loss_at_most (5 # 1)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example block_not_lower : block_jensen [0; 1]%nat ones [Loss_at_least (36164 # 100000)] = refused. Proof. vm_compute. reflexivity. Qed.
Example block_correct : block_jensen [0; 1]%nat ones [Accuracy_at_least (1 # 2)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example block_correct_false : block_jensen [0; 1]%nat ones [Accuracy_at_least (3 # 4)] = refused. Proof. vm_compute. reflexivity. Qed.
Example block_multiplier_zero : block_jensen [0; 1]%nat [(1, 0); (0, 0)] [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example block_multiplier_negative : block_jensen [0; 1]%nat [(1, 0); (-1, 0)] [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example block_multiplier_missing : block_jensen [0; 1]%nat [(1, 0)] [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example block_none : block_jensen [] ones [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example block_first_missing : block_jensen [1]%nat ones [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example block_twice : block_jensen [0; 0; 1]%nat ones [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example block_empty_last : block_jensen [0; 1; 2]%nat ones [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example block_outside : block_jensen [0; 3]%nat ones [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
