(* The loss of an input through shared exponentials (rule book A0), the label terms (A1), and what a loss says about accuracy (A8).
   D, A, Z, c_1, c_2 of docs/rules/enumeration.md are [deficit], [shared], [partition] and the factors in [label_terms]. *)
From Coq Require Import Reals Lra Lia List Permutation Arith Bool.
From Proofmark Require Import Statement Sums Inputs.
Import ListNotations.
Open Scope R_scope.

Definition perm_inv (f : list nat -> R) := forall t t', Permutation t t' -> f t = f t'.

Lemma ln_le_ln x y : 0 < x -> x <= y -> ln x <= ln y.
Proof. intros Hx [H| ->]; [left; now apply ln_increasing|lra]. Qed.
Lemma exp_le_exp x y : x <= y -> exp x <= exp y.
Proof. intros [H| ->]; [left; now apply exp_increasing|lra]. Qed.
Lemma ln_le_sub1 x : 0 < x -> ln x <= x - 1.
Proof. intros H. assert (E := exp_ineq1_le (ln x)). rewrite exp_ln in E by easy. lra. Qed.
Lemma ln2_pos : 0 < ln 2.
Proof. rewrite <- ln_1. apply ln_increasing; lra. Qed.

Section Loss.
Variables (V : nat) (M : nat -> nat -> R) (s : nat -> R).

Definition deficit (a k : nat) : R := s a - M a k.
Definition shared (a k : nat) : R := exp (- deficit a k).
Definition partition (t : list nat) : R := Sum (seq 0 V) (fun k => Prod t (fun a => shared a k)).
Definition c_1 (n y : nat) : R := INR n * (INR (S y) ^ (n - 1) - INR y ^ (n - 1)).
Definition c_2 (n y : nat) : R := INR n * INR (S y) ^ (n - 1).
Definition label_terms (n y : nat) : R :=
  c_1 n y * Sum (seq 0 y) (fun a => deficit a y) + c_2 n y * deficit y y.

Lemma shared_pos a k : 0 < shared a k.
Proof. apply exp_pos. Qed.
Lemma products_pos t k : 0 < Prod t (fun a => shared a k).
Proof. apply Prod_pos. intros; apply shared_pos. Qed.
Lemma partition_pos t : (0 < V)%nat -> 0 < partition t.
Proof. intros H. apply Sum_pos; [now destruct V|]. intros; apply products_pos. Qed.

(** The shifts cancel. *)
Lemma exp_logits t k : exp (logits M t k) = exp (Sum t s) * Prod t (fun a => shared a k).
Proof.
unfold shared. rewrite Prod_exp, <- exp_plus, <- Sum_plus. f_equal. apply Sum_ext. intros; unfold deficit; ring.
Qed.
Lemma Sum_exp_logits t : Sum (seq 0 V) (fun k => exp (logits M t k)) = exp (Sum t s) * partition t.
Proof. unfold partition. rewrite <- Sum_scal. apply Sum_ext. intros; apply exp_logits. Qed.
Theorem loss_partition t : (0 < V)%nat -> loss V M t = ln (partition t) + Sum t (fun a => deficit a (label t)).
Proof.
intros HV. unfold loss. rewrite Sum_exp_logits, ln_mult, ln_exp by (apply exp_pos || now apply partition_pos).
unfold logits, deficit. rewrite Sum_minus. lra.
Qed.

Lemma partition_perm : perm_inv partition.
Proof. intros t t' P. apply Sum_ext. intros k _. now apply Prod_perm. Qed.
Lemma loss_perm : perm_inv (loss V M).
Proof.
intros t t' P. unfold loss. rewrite (label_perm t t' P). unfold logits. rewrite (Sum_perm t t' _ P). do 2 f_equal.
apply Sum_ext. intros k _. f_equal. now apply Sum_perm.
Qed.

(** Label terms: all inputs, counted by position. *)
Lemma Sum_inputs_Sum n m g : (0 < n)%nat -> Sum (inputs m n) (fun t => Sum t g) = INR n * INR m ^ (n - 1) * Sum (seq 0 m) g.
Proof.
intros Hn. destruct n as [|n]; [easy|]. unfold inputs. rewrite Sum_tuples_Sum, seq_length.
replace (S n - 1)%nat with n by lia. easy.
Qed.
Lemma Sum_label_terms n y : (0 < n)%nat -> (y < V)%nat ->
  Sum (of_label V n y) (fun t => Sum t (fun a => deficit a (label t))) = label_terms n y.
Proof.
intros Hn Hy. rewrite (Sum_ext _ _ (fun t => Sum t (fun a => deficit a y))).
2: { intros t Ht. apply range_labels in Ht as [_ Ht]. now replace (label t) with y by lia. }
rewrite Sum_range, !Sum_inputs_Sum, seq_S, Sum_app by (easy || lia). unfold label_terms, c_1, c_2. simpl Sum. ring.
Qed.

(** S_y, the loss of all inputs with label y. *)
Theorem label_loss n y : (0 < n)%nat -> (y < V)%nat ->
  Sum (of_label V n y) (loss V M) = Sum (of_label V n y) (fun t => ln (partition t)) + label_terms n y.
Proof.
intros Hn Hy. rewrite <- Sum_label_terms, <- Sum_plus by easy. apply Sum_ext. intros t _. apply loss_partition. lia.
Qed.

Lemma loss_nonneg t : (label t < V)%nat -> 0 <= loss V M t.
Proof.
intros Hy. unfold loss. set (y := label t) in *. enough (logits M t y <= ln (Sum (seq 0 V) (fun k => exp (logits M t k)))) by lra.
rewrite <- (ln_exp (logits M t y)) at 1. apply ln_le_ln; [apply exp_pos|].
apply (Sum_ge_elem _ (fun k => exp (logits M t k))); [|apply in_seq; lia]. intros; left; apply exp_pos.
Qed.

(** What [correct] says, and what it costs not to be correct. *)
Lemma correct_spec t : correct V M t = true <-> forall k, (k < V)%nat -> k <> label t -> logits M t k < logits M t (label t).
Proof.
unfold correct. rewrite forallb_forall. split; intros H k Hk.
- intros Hne. specialize (H k). rewrite in_seq in H. specialize (H ltac:(lia)).
  apply orb_true_iff in H as [H|H]; [apply Nat.eqb_eq in H; lia|]. now destruct Rlt_dec.
- apply in_seq in Hk. destruct (Nat.eqb_spec k (label t)) as [|Hne]; [easy|]. simpl.
  specialize (H k ltac:(lia) Hne). now destruct Rlt_dec.
Qed.

(* A wrong output with at least the label's logit: the label's probability is at most one half. *)
Lemma not_correct_costs t : (label t < V)%nat -> correct V M t = false -> ln 2 <= loss V M t.
Proof.
intros Hy H. assert (exists k, (k < V)%nat /\ k <> label t /\ logits M t (label t) <= logits M t k) as (k & Hk & Hne & Hle).
{ unfold correct in H. destruct (existsb (fun k => negb ((k =? label t)%nat || if Rlt_dec (logits M t k) (logits M t (label t)) then true else false)) (seq 0 V)) eqn:E.
  - apply existsb_exists in E as (k & Hk & E). apply in_seq in Hk. exists k.
    apply negb_true_iff, orb_false_iff in E as [E1 E2]. apply Nat.eqb_neq in E1. split; [lia|]. split; [easy|].
    destruct Rlt_dec; [easy|lra].
  - exfalso. rewrite (proj2 (forallb_forall _ _)) in H; [easy|]. intros k Hk.
    destruct (_ || _)%bool eqn:F; [easy|]. assert (X : existsb (fun k => negb ((k =? label t)%nat || if Rlt_dec (logits M t k) (logits M t (label t)) then true else false)) (seq 0 V) = true).
    { apply existsb_exists. exists k. now rewrite F. } congruence. }
unfold loss. enough (ln 2 + logits M t (label t) <= ln (Sum (seq 0 V) (fun k => exp (logits M t k)))) by lra.
rewrite <- (ln_exp (logits M t (label t))) at 1. rewrite <- ln_mult by (lra || apply exp_pos).
apply ln_le_ln; [apply Rmult_lt_0_compat; [lra|apply exp_pos]|]. apply exp_le_exp in Hle.
assert (exp (logits M t k) + exp (logits M t (label t)) <= Sum (seq 0 V) (fun k => exp (logits M t k))).
{ apply (Sum_ge_2elem Nat.eq_dec _ (fun k => exp (logits M t k))); try (apply in_seq; lia); try easy. intros; left; apply exp_pos. }
lra.
Qed.

(* A8. Of the inputs of a range, those that are not correct cost at least ln 2 each. *)
Theorem accuracy_from_loss n from to : (0 < V)%nat ->
  INR (length (filter (fun t => negb (correct V M t)) (range V n from to))) * ln 2 <= Sum (range V n from to) (loss V M).
Proof.
intros HV. rewrite (Sum_filter (fun t => negb (correct V M t))).
rewrite <- Sum_const. enough (0 <= Sum (filter (fun x => negb (negb (correct V M x))) (range V n from to)) (loss V M)).
- enough (Sum (filter (fun t => negb (correct V M t)) (range V n from to)) (fun _ => ln 2)
    <= Sum (filter (fun t => negb (correct V M t)) (range V n from to)) (loss V M)) by lra.
  apply Sum_le. intros t Ht. apply filter_In in Ht as [Ht Hc]. apply range_labels in Ht as [Ht _].
  apply not_correct_costs; [now apply (label_lt V n)|]. now apply negb_true_iff.
- apply Sum_nonneg. intros t Ht. apply filter_In in Ht as [Ht _]. apply range_labels in Ht as [Ht _].
  apply loss_nonneg. now apply (label_lt V n).
Qed.

Corollary correct_from_loss n from to bound : (0 < V)%nat -> Sum (range V n from to) (loss V M) <= bound ->
  INR (length (range V n from to)) - bound / ln 2 <= INR (length (filter (correct V M) (range V n from to))).
Proof.
intros HV B. assert (L := ln2_pos). assert (H := accuracy_from_loss n from to HV).
set (r := range V n from to) in *. assert (E := Sum_filter (correct V M) r (fun _ => 1)). rewrite !Sum_one in E.
enough (INR (length (filter (fun t => negb (correct V M t)) r)) <= bound / ln 2) by lra.
apply (Rmult_le_reg_r (ln 2)); [easy|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.

(* The label has more than half of the probability. *)
Lemma correct_if_half t : (label t < V)%nat -> partition t < 2 * Prod t (fun a => shared a (label t)) -> correct V M t = true.
Proof.
intros Hy H. apply correct_spec. intros k Hk Hne. apply exp_lt_inv. rewrite !exp_logits.
apply Rmult_lt_compat_l; [apply exp_pos|].
assert (Prod t (fun a => shared a k) + Prod t (fun a => shared a (label t)) <= partition t).
{ apply (Sum_ge_2elem Nat.eq_dec _ (fun k => Prod t (fun a => shared a k))); try (apply in_seq; lia); try easy.
  intros; left; apply products_pos. }
lra.
Qed.
End Loss.
