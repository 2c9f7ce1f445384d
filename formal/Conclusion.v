(* The conclusion of a certificate (schema/FORMAT.md, section 7): steps whose label ranges cover 0 .. V add up to the claims. *)
From Coq Require Import Reals Lra Lia List Arith Bool.
From Proofmark Require Import Statement Sums Inputs Loss.
Import ListNotations.
Open Scope R_scope.

(* What a step declares: lo <= sum of the loss over the inputs with a label in [from, to) <= hi, and a count of correct inputs. *)
Record step := Step { from : nat; to : nat; lo : R; hi : R; count : nat }.
Definition holds V n M (p : step) : Prop := lo p <= Sum (range V n (from p) (to p)) (loss V M) <= hi p.
Definition counts V n M (p : step) : Prop := (count p <= length (filter (correct V M) (range V n (from p) (to p))))%nat.

(* The ranges, in order, cover [a, V) exactly once. *)
Fixpoint covers (a V : nat) (steps : list step) : Prop :=
  match steps with [] => a = V | p :: r => from p = a /\ (from p < to p)%nat /\ covers (to p) V r end.

Lemma covers_le a V steps : covers a V steps -> (a <= V)%nat.
Proof.
revert a. induction steps as [|p r IH]; simpl; intros a; [lia|]. intros (<- & H & K). apply IH in K. lia.
Qed.
Lemma Sum_covers V n f steps : (0 < n)%nat -> forall a, covers a V steps ->
  Sum steps (fun p => Sum (range V n (from p) (to p)) f) = Sum (inputs V n) f - Sum (inputs a n) f.
Proof.
intros Hn. induction steps as [|p r IH]; simpl; intros a; [intros ->; lra|]. intros (<- & H & K).
rewrite (IH (to p) K), Sum_range; [lra|easy|]. apply covers_le in K. lia.
Qed.
(* Label ranges that cover 0 .. V partition the inputs. *)
Theorem cover V n f steps : (0 < n)%nat -> covers 0 V steps ->
  Sum steps (fun p => Sum (range V n (from p) (to p)) f) = Sum (inputs V n) f.
Proof.
intros Hn H. rewrite (Sum_covers V n f steps Hn 0 H). destruct n as [|n]; [easy|]. simpl. lra.
Qed.

Section Conclusion.
Variables (V n : nat) (M : nat -> nat -> R) (steps : list step).
Hypotheses (HV : (0 < V)%nat) (Hn : (0 < n)%nat) (Hcover : covers 0 V steps).

Lemma all_inputs_pos : 0 < INR V ^ n.
Proof. apply pow_lt. now apply lt_0_INR. Qed.

Theorem conclusion_upper bound : (forall p, In p steps -> holds V n M p) -> Sum steps hi <= bound * INR V ^ n ->
  mean_loss V n M <= bound.
Proof.
intros H B. unfold mean_loss. rewrite <- (cover V n _ steps) by easy.
apply Rle_trans with (Sum steps hi / INR V ^ n).
- apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat, all_inputs_pos|]. apply Sum_le. intros p Hp. now apply H.
- assert (P := all_inputs_pos). apply (Rmult_le_reg_r (INR V ^ n)); [easy|]. unfold Rdiv.
  rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.
Theorem conclusion_lower bound : (forall p, In p steps -> holds V n M p) -> bound * INR V ^ n <= Sum steps lo ->
  bound <= mean_loss V n M.
Proof.
intros H B. unfold mean_loss. rewrite <- (cover V n _ steps) by easy.
apply Rle_trans with (Sum steps lo / INR V ^ n).
- assert (P := all_inputs_pos). apply (Rmult_le_reg_r (INR V ^ n)); [easy|]. unfold Rdiv.
  rewrite Rmult_assoc, Rinv_l by lra. lra.
- apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat, all_inputs_pos|]. apply Sum_le. intros p Hp. now apply H.
Qed.
Theorem conclusion_accuracy bound : (forall p, In p steps -> counts V n M p) ->
  bound * INR V ^ n <= Sum steps (fun p => INR (count p)) -> bound <= accuracy V n M.
Proof.
intros H B. unfold accuracy. rewrite <- Sum_one, Sum_if, <- (cover V n _ steps) by easy.
assert (P := all_inputs_pos). apply (Rmult_le_reg_r (INR V ^ n)); [easy|]. unfold Rdiv.
rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. apply Rle_trans with (1 := B). apply Sum_le. intros p Hp.
rewrite <- Sum_if, Sum_one. now apply le_INR, H.
Qed.
End Conclusion.
