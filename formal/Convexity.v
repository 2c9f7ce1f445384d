(* convexity@1: docs/rules/convexity.md, verifier/rules/token_sum/convexity.cpp *)
From Coq Require Import Reals Lra Lia List Permutation Arith Bool Factorial.
From Proofmark Require Import Statement Sums Inputs Loss Orderings.
Import ListNotations.
Open Scope R_scope.

Definition sumexp (ks : list nat) (v : nat -> R) : R := Sum ks (fun k => exp (v k)).
Definition LSE (ks : list nat) (v : nat -> R) : R := ln (sumexp ks v).

Lemma sumexp_pos ks v : ks <> nil -> 0 < sumexp ks v.
Proof. intros H. apply Sum_pos; [easy|]. intros; apply exp_pos. Qed.
Lemma LSE_ext ks v w : (forall k, v k = w k) -> LSE ks v = LSE ks w.
Proof. intros H. unfold LSE, sumexp. f_equal. apply Sum_ext. intros k _. now rewrite H. Qed.

(** Jensen for exp: finite convex combinations *)
Lemma exp_jensen {A} (l : list A) (w x : A -> R) :
  (forall i, In i l -> 0 <= w i) -> Sum l w = 1 ->
  exp (Sum l (fun i => w i * x i)) <= Sum l (fun i => w i * exp (x i)).
Proof.
intros Hw H1. set (m := Sum l (fun i => w i * x i)).
replace (exp m) with (exp m * Sum l (fun i => w i * (1 + (x i - m)))).
- rewrite <- Sum_scal. apply Sum_le. intros i Hi.
  replace (exp (x i)) with (exp m * exp (x i - m)).
  2: { rewrite <- exp_plus. f_equal. ring. }
  assert (E := exp_ineq1_le (x i - m)). assert (Hi' := Hw i Hi). assert (P := exp_pos m).
  replace (exp m * (w i * (1 + (x i - m)))) with (w i * exp m * (1 + (x i - m))) by ring.
  replace (w i * (exp m * exp (x i - m))) with (w i * exp m * exp (x i - m)) by ring.
  apply Rmult_le_compat_l; [|easy]. apply Rmult_le_pos; lra.
- rewrite (Sum_ext l _ (fun i => w i * x i + (1 - m) * w i)) by (intros; ring).
  rewrite Sum_plus, Sum_scal, H1. fold m. ring.
Qed.

(** Log-sum-exp is convex: any finite convex combination of logit vectors. *)
Theorem LSE_convex {A} ks (l : list A) (w : A -> R) (u : A -> nat -> R) :
  ks <> nil -> (forall i, In i l -> 0 <= w i) -> Sum l w = 1 ->
  LSE ks (fun k => Sum l (fun i => w i * u i k)) <= Sum l (fun i => w i * LSE ks (u i)).
Proof.
intros Hk Hw H1. set (B := Sum l (fun i => w i * LSE ks (u i))).
assert (P : 0 < sumexp ks (fun k => Sum l (fun i => w i * u i k))) by now apply sumexp_pos.
enough (H : sumexp ks (fun k => Sum l (fun i => w i * u i k)) * exp (- B) <= 1).
{ assert (sumexp ks (fun k => Sum l (fun i => w i * u i k)) <= exp B).
  { apply (Rmult_le_reg_r (exp (-B))); [apply exp_pos|].
    rewrite <- exp_plus, Rplus_opp_r, exp_0. exact H. }
  rewrite <- (ln_exp B). now apply ln_le_ln. }
unfold sumexp. rewrite <- Sum_scal_r.
apply Rle_trans with (Sum ks (fun k => Sum l (fun i => w i * (exp (u i k) / sumexp ks (u i))))).
- apply Sum_le. intros k _. rewrite <- exp_plus.
  replace (Sum l (fun i => w i * u i k) + - B) with (Sum l (fun i => w i * (u i k - LSE ks (u i)))).
  2: { unfold B. rewrite (Sum_ext l _ (fun i => w i * u i k - w i * LSE ks (u i))) by (intros; ring).
       rewrite Sum_minus. lra. }
  eapply Rle_trans; [now apply exp_jensen|]. right. apply Sum_ext. intros i _. f_equal.
  unfold Rminus, Rdiv. rewrite exp_plus, exp_Ropp. do 2 f_equal. apply exp_ln. now apply sumexp_pos.
- rewrite Sum_swap. right. rewrite <- H1. apply Sum_ext. intros i _.
  rewrite Sum_scal. rewrite Sum_div. fold (sumexp ks (u i)).
  assert (0 < sumexp ks (u i)) by now apply sumexp_pos. field. lra.
Qed.

(** The tokens u of an input c ++ u, mixed: each in turn takes the place of all of them. *)
Section Mixtures.
Variables (V : nat) (M : nat -> nat -> R) (s : nat -> R).
Hypothesis HV : (0 < V)%nat.
Notation Z := (partition V M s).
Notation D := (deficit M s).

Lemma ln_partition_LSE t : ln (Z t) = LSE (seq 0 V) (fun k => - Sum t (fun a => D a k)).
Proof.
unfold LSE, sumexp, partition. f_equal. apply Sum_ext. intros k _. unfold shared. rewrite Prod_exp. f_equal.
rewrite (Sum_ext t _ (fun a => -1 * D a k)) by (intros; ring). rewrite Sum_scal. ring.
Qed.

Lemma Sum_repeat (a : nat) k (f : nat -> R) : Sum (repeat a k) f = INR k * f a.
Proof. rewrite (Sum_ext _ _ (fun _ => f a)), Sum_const, repeat_length; [easy|]. intros x Hx. now apply repeat_spec in Hx as ->. Qed.

Lemma mixture c u : u <> [] -> INR (length u) * ln (Z (c ++ u)) <= Sum u (fun a => ln (Z (c ++ repeat a (length u)))).
Proof.
intros Hu. set (k := length u). assert (K : 0 < INR k) by (apply lt_0_INR; unfold k; destruct u; [easy|simpl; lia]).
assert (H := LSE_convex (seq 0 V) u (fun _ => / INR k) (fun a j => - (Sum c (fun b => D b j) + INR k * D a j))).
rewrite ln_partition_LSE.
rewrite (LSE_ext _ _ (fun j => Sum u (fun a => / INR k * - (Sum c (fun b => D b j) + INR k * D a j)))).
2: { intros j. rewrite Sum_app, Sum_scal.
     rewrite (Sum_ext u (fun a => - (_ + INR k * _)) (fun a => -1 * Sum c (fun b => D b j) + - INR k * D a j)) by (intros; ring).
     rewrite Sum_plus, Sum_const, Sum_scal. fold k. field. lra. }
cbv beta in H. rewrite Sum_scal in H.
rewrite (Sum_ext u (fun a => ln (Z _)) (fun a => LSE (seq 0 V) (fun j => - (Sum c (fun b => D b j) + INR k * D a j)))).
2: { intros a _. rewrite ln_partition_LSE. apply LSE_ext. intros j. now rewrite Sum_app, Sum_repeat. }
apply (Rmult_le_reg_l (/ INR k)); [now apply Rinv_0_lt_compat|]. rewrite <- Rmult_assoc, Rinv_l, Rmult_1_l by lra.
apply H.
- now destruct V.
- intros _ _. left. now apply Rinv_0_lt_compat.
- rewrite Sum_const. fold k. field. lra.
Qed.

(* The tokens below y in the k positions that do not hold it. *)
Lemma mixtures c k y : (0 < k)%nat ->
  Sum (inputs y k) (fun u => ln (Z (c ++ u))) <= INR y ^ (k - 1) * Sum (seq 0 y) (fun a => ln (Z (c ++ repeat a k))).
Proof.
intros Hk. assert (K : 0 < INR k) by now apply lt_0_INR.
apply (Rmult_le_reg_l (INR k)); [easy|]. rewrite <- Rmult_assoc, <- (Sum_inputs_Sum k y), <- Sum_scal by easy.
apply Sum_le. intros u Hu. apply inputs_each_once in Hu as [Hl _]. rewrite <- Hl. apply mixture.
intros ->. simpl in Hl. lia.
Qed.
End Mixtures.

(** (ii), any n >= 1, the maximum held fixed; m of the positions hold y, k = n - m do not. *)
Theorem convexity V n M s y : (0 < n)%nat -> (y < V)%nat ->
  Sum (of_label V n y) (loss V M)
  <= ln (partition V M s (repeat y n))
     + Sum (seq 1 (n - 1)) (fun m => C n m * INR y ^ (n - m - 1) *
         Sum (seq 0 y) (fun a => ln (partition V M s (repeat y m ++ repeat a (n - m)))))
     + label_terms M s n y.
Proof.
intros Hn Hy. rewrite (label_loss V M s) by easy. apply Rplus_le_compat_r.
rewrite (Sum_of_label_peel V n y (fun t => ln (partition V M s t))); try easy.
2: { intros t t' P. now rewrite (partition_perm V M s t t' P). }
replace (seq 1 n) with (seq 1 (n - 1) ++ [n]) at 1.
2: { replace n with (S (n - 1)) at 3 by lia. rewrite seq_S. do 2 f_equal. lia. }
rewrite Sum_app. simpl (Sum [n] _). rewrite C_n_n, Nat.sub_diag. simpl (Sum (inputs y 0) _). rewrite app_nil_r.
enough (Sum (seq 1 (n - 1)) (fun m => C n m * Sum (inputs y (n - m)) (fun u => ln (partition V M s (repeat y m ++ u))))
  <= Sum (seq 1 (n - 1)) (fun m => C n m * INR y ^ (n - m - 1) *
         Sum (seq 0 y) (fun a => ln (partition V M s (repeat y m ++ repeat a (n - m)))))) by lra.
apply Sum_le. intros m Hm. apply in_seq in Hm. rewrite Rmult_assoc. apply Rmult_le_compat_l.
- unfold C. left. apply Rdiv_lt_0_compat; [|apply Rmult_lt_0_compat]; apply INR_fact_lt_0.
- apply mixtures; lia.
Qed.

(** (i), n = 2, with Q_a = sum_k A[a,k]^2. The weight of ln Q_y is y + 1. *)
Theorem convexity_pairs V M s y : (y < V)%nat ->
  let Q a := Sum (seq 0 V) (fun k => shared M s a k ^ 2) in
  Sum (of_label V 2 y) (loss V M)
  <= Sum (seq 0 y) (fun a => ln (Q a)) + INR (y + 1) * ln (Q y) + label_terms M s 2 y.
Proof.
intros Hy Q. rewrite (label_loss V M s) by (easy || lia). apply Rplus_le_compat_r.
rewrite (Sum_of_label_peel V 2 y (fun t => ln (partition V M s t))) by (lia || easy || (intros t t' P; now rewrite (partition_perm V M s t t' P))).
assert (HQ : forall a, ln (Q a) = ln (partition V M s [a; a])).
{ easy. }
simpl seq. simpl (Sum [_; _] _). rewrite C_n_n. replace (C 2 1) with 2 by (unfold C; simpl; field).
rewrite (Sum_ext (seq 0 y) (fun a => ln (Q a)) (fun a => ln (partition V M s [a; a]))) by (intros; apply HQ). rewrite HQ.
assert (B : 2 * Sum (inputs y 1) (fun u => ln (partition V M s (y :: u)))
  <= Sum (inputs y 1) (fun u => Sum u (fun a => ln (partition V M s [a; a]))) + INR y * ln (partition V M s [y; y])).
{ replace (INR y) with (INR (length (inputs y 1))) by (f_equal; rewrite (proj1 (inputs_each_once y 1)); simpl; lia).
  rewrite <- Sum_const, <- Sum_plus, <- Sum_scal. apply Sum_le. intros u Hu. apply inputs_each_once in Hu as [Hl _].
  destruct u as [|a [|b u]]; try easy.
  assert (H := mixture V M s ltac:(lia) [] [y; a] ltac:(easy)). simpl in H. simpl. lra. }
rewrite Sum_inputs_Sum in B by lia. simpl in B. rewrite plus_INR. simpl. lra.
Qed.
