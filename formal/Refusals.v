(* What the checkers must refuse, each beside its twin that passes. Every line is computed by Coq when this file is built. *)
From Coq Require Import List ZArith QArith.
From Proofmark Require Import Statement Formats.
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

(** head-tail@1: witnesses decide how good a bound is, never whether it is true. *)
Definition head_tail heads u v claims := (* one answer from each kind of numbers *)
  (Head_tail_primitive.check_head_tail (primitive_bits 53) 2 heads u v 1 E W U claims,
   Head_tail_BigZ.check_head_tail (BigZ_bits 64) 2 heads u v 1 E W U claims, Head_tail_Z.check_head_tail (Z_bits 64) 2 heads u v 1 E W U claims).
Definition own : list (list nat) := [[0]; [1]]%nat.
Definition none : list dyadic := [(0, 0); (0, 0)].
Definition halves : list dyadic := [(1, -1); (1, -1)].

Example heads_own : head_tail own none none [Loss_at_most (49 # 100)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example heads_own_tight : head_tail own none none [Loss_at_most (48 # 100)] = refused. Proof. vm_compute. reflexivity. Qed.
Example multipliers : head_tail own halves halves [Loss_at_most (46 # 100)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example multipliers_tight : head_tail own halves halves [Loss_at_most (45 # 100)] = refused. Proof. vm_compute. reflexivity. Qed.
Example heads_of_all : head_tail [[0; 1]; [1; 0]]%nat none none [Loss_at_most (36165 # 100000); Loss_at_least (36164 # 100000)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example heads_of_all_false : head_tail [[0; 1]; [1; 0]]%nat none none [Loss_at_most (36164 # 100000)] = refused. Proof. vm_compute. reflexivity. Qed.
Example heads_twice : head_tail [[0; 1; 1; 0]; [1; 0; 1]]%nat none none [Loss_at_least (36165 # 100000)] = refused. Proof. vm_compute. reflexivity. Qed.
Example heads_bad : head_tail [[1]; [0]]%nat none none [Loss_at_most (60 # 100)] = refused. Proof. vm_compute. reflexivity. Qed.
Example heads_bad_loose : head_tail [[1]; [0]]%nat none none [Loss_at_most (70 # 100)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example lower_zero : head_tail [[1]; [0]]%nat none none [Loss_at_least (0 # 1)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example multipliers_huge : head_tail own [(1, 40); (1, 40)] halves [Loss_at_most (1 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example multipliers_negative : head_tail own [(-1, 0); (0, 0)] none [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example label_multipliers_negative : head_tail own none [(0, 0); (-1, -9)] [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example multipliers_missing : head_tail own [(0, 0)] none [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example heads_missing : head_tail [[0]]%nat none none [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example head_empty : head_tail [[0]; []]%nat none none [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example head_outside : head_tail [[0]; [2]]%nat none none [Loss_at_most (9 # 1)] = refused. Proof. vm_compute. reflexivity. Qed.
Example half_correct : head_tail [[0; 1]; [1]]%nat none none [Accuracy_at_least (3 # 4)] = accepted. Proof. vm_compute. reflexivity. Qed.
Example half_correct_false : head_tail [[0; 1]; [1]]%nat none none [Accuracy_at_least (4 # 4)] = refused. Proof. vm_compute. reflexivity. Qed.

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
