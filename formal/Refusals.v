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
Example infinite_minus_infinite : Symmetry_primitive.check (primitive_bits 53) 2 1 [[(-1, 1024); (1, 1024)]] W U [Loss_at_least (0 # 1)] = false.
Proof. vm_compute. reflexivity. Qed.
(* a comparison may be decided all the same: the label's logit is large *)
Example overflow_correct : Symmetry_primitive.check (primitive_bits 53) 2 1 huge W U [Accuracy_at_least (3 # 4)] = true. Proof. vm_compute. reflexivity. Qed.
Example large : Symmetry_primitive.check (primitive_bits 53) 2 1 [[(0, 0); (1, 9)]] W U [Loss_at_most (9 # 1)] = true. Proof. vm_compute. reflexivity. Qed.
Example subnormal : Symmetry_primitive.check (primitive_bits 53) 2 1 [[(0, 0); (1, -1100)]] W U [Loss_at_most (7 # 10)] = true. Proof. vm_compute. reflexivity. Qed.
