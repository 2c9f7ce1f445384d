(* head-tail@1: docs/rules/head-tail.md, verifier/rules/token_sum/head_tail.cpp *)
From Coq Require Import Reals Lra Lia List Permutation Arith Sorted Bool.
From Proofmark Require Import Statement Sums Inputs Loss Orderings Holder.
Import ListNotations.
Open Scope R_scope.

(** phi(L, U, m) = ln z* - m z*, the maximum of ln z - m z over L <= z <= U. *)
Definition z_star (L U m : R) : R := if Rle_dec 1 (m * L) then L else if Rle_dec (m * U) 1 then U else / m.
Definition phi (L U m : R) : R := ln (z_star L U m) - m * z_star L U m.

Lemma phi_max L U m z : 0 <= m -> 0 < z -> L <= z <= U -> ln z - m * z <= phi L U m.
Proof.
intros Hm Hz H. unfold phi. set (x := z_star L U m).
assert (0 < x /\ 0 <= (x - z) * (/ x - m)) as [Hx K].
{ unfold x, z_star. destruct (Rle_dec 1 (m * L)) as [C|C]; [|destruct (Rle_dec (m * U) 1) as [D|D]].
  - assert (0 < L) by (destruct (Rle_or_lt L 0); [nra|easy]). split; [easy|].
    assert (/ L <= m) by (apply (Rmult_le_reg_r L); [easy|]; rewrite Rinv_l; lra). nra.
  - assert (0 < U) by lra. split; [easy|].
    assert (m <= / U) by (apply (Rmult_le_reg_r U); [easy|]; rewrite Rinv_l; lra). nra.
  - assert (0 < m) by (destruct Hm as [|<-]; [easy|lra]). split; [now apply Rinv_0_lt_compat|].
    rewrite Rinv_inv. nra. }
(* the tangent of the logarithm at x *)
assert (T : 0 < z / x) by now apply Rdiv_lt_0_compat.
apply ln_le_sub1 in T. unfold Rdiv in T. rewrite ln_mult, ln_Rinv in T by auto using Rinv_0_lt_compat.
replace ((x - z) * (/ x - m)) with (1 - z * / x - m * x + m * z) in K by (field; lra). lra.
Qed.
Lemma z_star_between L U m : 0 < L <= U -> 0 <= m -> L <= z_star L U m <= U.
Proof.
intros H Hm. unfold z_star. destruct (Rle_dec 1 (m * L)); [lra|]. destruct (Rle_dec (m * U) 1); [lra|].
assert (0 < m) by (destruct Hm as [|<-]; [easy|lra]).
split; apply (Rmult_le_reg_l m); try easy; rewrite Rinv_r; lra.
Qed.

Section HeadTail.
Variables (V : nat) (M : nat -> nat -> R) (s : nat -> R).
Hypothesis HV : (0 < V)%nat.
Notation Z := (partition V M s).
Notation A := (shared M s).

(** Heads: [head a k], k belongs to H_a. They may differ from input to input. *)
Section Heads.
Variable head : nat -> nat -> bool.
Definition tail_part (a k : nat) : R := if head a k then 0 else A a k.
Definition in_heads (t : list nat) (k : nat) : bool := existsb (fun a => head a k) t.
Definition lower (t : list nat) : R := Sum (filter (in_heads t) (seq 0 V)) (fun k => Prod t (fun a => A a k)).

Lemma tail_part_nonneg a k : 0 <= tail_part a k.
Proof. unfold tail_part. destruct head; [lra|]. left. apply shared_pos. Qed.

(* What the heads leave out is, exactly, one product of tails. *)
Lemma split t : Z t = lower t + Sum (seq 0 V) (fun k => Prod t (fun a => tail_part a k)).
Proof.
unfold partition, lower. rewrite (Sum_filter (in_heads t)). f_equal. rewrite Sum_if. apply Sum_ext. intros k _.
unfold in_heads. destruct (existsb _ t) eqn:E; simpl.
- apply existsb_exists in E as (a & Ha & E). symmetry. apply (Prod_zero t _ a Ha). unfold tail_part. now rewrite E.
- apply Prod_ext. intros a Ha. unfold tail_part. destruct (head a k) eqn:F; [|easy].
  exfalso. enough (X : existsb (fun a => head a k) t = true) by congruence. apply existsb_exists. now exists a.
Qed.
Lemma lower_pos t : (exists a k, In a t /\ (k < V)%nat /\ head a k = true) -> 0 < lower t.
Proof.
intros (a & k & Ha & Hk & H). apply Sum_pos.
- assert (In k (filter (in_heads t) (seq 0 V))) as X.
  { apply filter_In. split; [apply in_seq; lia|]. apply existsb_exists. now exists a. }
  intros E. now rewrite E in X.
- intros; apply products_pos.
Qed.

(** Tails, for any groups of the outputs and any positive column weights. A sorted input is y :: t_(n-1) :: .. :: t_1 here. *)
Variables (groups : list (list nat)) (w : nat -> R).
Hypotheses (Hgroups : Permutation (concat groups) (seq 0 V)) (Hw : forall k, 0 < w k).
Definition tail (t : list nat) : R :=
  match t with
  | [y; a] => Sum groups (fun g =>
      root 2 (Sum g (fun k => tail_part a k ^ 2 * w k)) * root 2 (Sum g (fun k => tail_part y k ^ 2 / w k)))
  | [y; b; a] => Sum groups (fun g =>
      root 2 (Sum g (fun k => tail_part y k * (tail_part a k ^ 2 * w k)))
      * root 2 (Sum g (fun k => tail_part y k * (tail_part b k ^ 2 / w k))))
  | y :: r => Sum groups (fun g =>
      Prod r (fun a => root (length r) (Sum g (fun k => tail_part y k * tail_part a k ^ length r))))
  | [] => 0
  end.
Definition upper (t : list nat) : R := lower t + tail t.

Lemma by_groups f : Sum (seq 0 V) f = Sum groups (fun g => Sum g f).
Proof. now rewrite <- (Sum_perm _ _ f Hgroups), Sum_concat. Qed.

Theorem heads_enclose t : (2 <= length t)%nat -> lower t <= Z t <= upper t.
Proof.
intros Ht. rewrite (split t). assert (T : 0 <= Sum (seq 0 V) (fun k => Prod t (fun a => tail_part a k))).
{ apply Sum_nonneg. intros k _. apply Prod_nonneg. intros; apply tail_part_nonneg. }
split; [lra|]. apply Rplus_le_compat_l. rewrite by_groups.
destruct t as [|y [|b [|a [|x r]]]]; simpl in Ht; try lia; simpl tail; apply Sum_le; intros g _.
- (* n = 2: Cauchy-Schwarz *)
  assert (H := Cauchy_Schwarz g (fun _ => 1) (tail_part b) (tail_part y) w).
  cbv beta in H.
  rewrite (Sum_ext g (fun k => 1 * (tail_part b k ^ 2 * w k)) (fun k => tail_part b k ^ 2 * w k)) in H by (intros; ring).
  rewrite (Sum_ext g (fun k => 1 * (tail_part y k ^ 2 / w k)) (fun k => tail_part y k ^ 2 / w k)) in H by (intros; ring).
  eapply Rle_trans; [|apply H]; auto using tail_part_nonneg; [|intros; lra].
  right. apply Sum_ext. intros k _. simpl. ring.
- (* n = 3: with respect to the weights A[y,k] *)
  assert (H := Cauchy_Schwarz g (tail_part y) (tail_part a) (tail_part b) w).
  eapply Rle_trans; [|apply H]; auto using tail_part_nonneg.
  right. apply Sum_ext. intros k _. simpl. ring.
- (* n > 3: Hölder with n - 1 exponents n - 1 *)
  apply (Holder g (b :: a :: x :: r) (tail_part y) tail_part); auto using tail_part_nonneg. easy.
Qed.

(** Accuracy: the label has more than half of the probability. *)
Theorem head_tail_accuracy t : (2 <= length t)%nat -> (label t < V)%nat ->
  upper t < 2 * Prod t (fun a => A a (label t)) -> correct V M t = true.
Proof.
intros Ht Hy H. apply (correct_if_half V M s); [easy|]. assert (K := heads_enclose t Ht). lra.
Qed.
End Heads.

(** Totals: what all inputs of a label are together, with token multipliers u. *)
Definition P (u : nat -> R) (y k : nat) : R := Sum (seq 0 y) (fun a => u a * A a k).
Definition total (u : nat -> R) (n y : nat) : R := Sum (seq 0 V) (fun k => P u (S y) k ^ n - P u y k ^ n).

Theorem totals u n y : (0 < n)%nat -> (y < V)%nat -> Sum (of_label V n y) (fun t => Prod t u * Z t) = total u n y.
Proof.
intros Hn Hy. assert (E : forall m, Sum (inputs m n) (fun t => Prod t u * Z t) = Sum (seq 0 V) (fun k => P u m k ^ n)).
{ intros m. unfold partition. rewrite (Sum_ext _ _ (fun t => Sum (seq 0 V) (fun k => Prod t (fun a => u a * A a k)))).
  - rewrite Sum_swap. apply Sum_ext. intros k _. apply Sum_tuples_Prod.
  - intros t _. rewrite <- Sum_scal. apply Sum_ext. intros k _. now rewrite Prod_mult. }
rewrite Sum_range, !E by (easy || lia). unfold total. now rewrite Sum_minus.
Qed.

(** The rule, n >= 2: each sorted input t with its own heads [head t], groups and column weights of the outputs,
    token multipliers u and the label's multiplier v. A sorted input stands for its [orderings t] orderings. *)
Theorem head_tail n y (head : list nat -> nat -> nat -> bool) groups w u v : (2 <= n)%nat -> (y < V)%nat ->
  Permutation (concat groups) (seq 0 V) -> (forall k, 0 < w k) -> (forall a, 0 <= u a) -> 0 <= v ->
  let L t := lower (head t) t in
  let U t := upper (head t) groups w t in
  let m t := v * Prod t u in
  Sum (of_label V n y) (loss V M)
    <= v * total u n y + Sum (sorted_of_label n y) (fun t => orderings t * phi (L t) (U t) (m t)) + label_terms M s n y
  /\ ((forall t, In t (sorted_of_label n y) -> exists a k, In a t /\ (k < V)%nat /\ head t a k = true) ->
      Sum (sorted_of_label n y) (fun t => orderings t * ln (L t)) + label_terms M s n y <= Sum (of_label V n y) (loss V M)).
Proof.
intros Hn Hy Hg Hw Hu Hv L U m. rewrite (label_loss V M s) by (easy || lia).
assert (PZ : forall t, 0 < Z t) by (intros; now apply partition_pos).
assert (En : forall t, In t (sorted_of_label n y) -> L t <= Z t <= U t).
{ intros t Ht. apply sorted_of_label_In in Ht as (Hl & _). apply heads_enclose; try easy. lia. }
assert (W : forall t, 0 <= orderings t).
{ intros t. left. unfold orderings. apply Rdiv_lt_0_compat; [apply INR_fact_lt_0|apply multiplicities_pos]. }
rewrite (Sum_of_label_sorted V n y (fun t => ln (Z t))); try easy; try lia.
2: { intros t t' Pm. now rewrite (partition_perm V M s t t' Pm). }
split.
- apply Rplus_le_compat_r. rewrite <- totals, (Sum_of_label_sorted V n y (fun t => Prod t u * Z t)) by (easy || lia
    || (intros t t' Pm; now rewrite (partition_perm V M s t t' Pm), (Prod_perm t t' u Pm))).
  rewrite <- Sum_scal, <- Sum_plus. apply Sum_le. intros t Ht.
  replace (v * (orderings t * (Prod t u * Z t)) + orderings t * phi (L t) (U t) (m t))
    with (orderings t * (m t * Z t + phi (L t) (U t) (m t))) by (unfold m; ring).
  apply Rmult_le_compat_l; [easy|].
  assert (K : ln (Z t) - m t * Z t <= phi (L t) (U t) (m t)); [|lra].
  apply phi_max; auto. apply Rmult_le_pos; [easy|]. now apply Prod_nonneg.
- intros Hh. apply Rplus_le_compat_r, Sum_le. intros t Ht. apply Rmult_le_compat_l; [easy|].
  apply ln_le_ln; [apply lower_pos, Hh, Ht|apply En, Ht].
Qed.
End HeadTail.
