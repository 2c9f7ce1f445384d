(* block-jensen@1: docs/rules/block-jensen.md, verifier/rules/token_sum/block_jensen.cpp *)
From Coq Require Import Reals Lra Lia List Permutation Arith Bool.
From Proofmark Require Import Statement Sums Inputs Loss.
Import ListNotations.
Open Scope R_scope.

(** The logarithm is concave: a sum of N logarithms is at most N times the logarithm of the mean. *)
Lemma Jensen_ln {A} (l : list A) (Z : A -> R) : l <> [] -> (forall x, In x l -> 0 < Z x) ->
  Sum l (fun x => ln (Z x)) <= INR (length l) * ln (Sum l Z / INR (length l)).
Proof.
intros Hl HZ. assert (N : 0 < INR (length l)) by (apply lt_0_INR; destruct l; [easy|simpl; lia]).
set (m := Sum l Z / INR (length l)).
assert (Hm : 0 < m) by (apply Rdiv_lt_0_compat; [now apply Sum_pos|easy]).
apply Rle_trans with (Sum l (fun x => ln m + (/ m * Z x - 1))).
- apply Sum_le. intros x Hx. assert (P := HZ x Hx).
  assert (Q : 0 < / m * Z x) by (apply Rmult_lt_0_compat; [now apply Rinv_0_lt_compat|easy]).
  assert (L := ln_le_sub1 _ Q). rewrite ln_mult, ln_Rinv in L by auto using Rinv_0_lt_compat. lra.
- rewrite (Sum_ext l _ (fun x => (ln m - 1) + / m * Z x)) by (intros; ring).
  rewrite Sum_plus, Sum_const, Sum_scal. replace (/ m * Sum l Z) with (INR (length l)); [lra|].
  unfold m. field. split; [lra|]. enough (0 < Sum l Z) by lra. now apply Sum_pos.
Qed.

Section Blocks.
Variables (V : nat) (M : nat -> nat -> R) (s u : nat -> R).
Hypotheses (HV : (0 < V)%nat) (Hu : forall a, 0 < u a).
Notation Z := (partition V M s).
Notation A := (shared M s).

(* B_I[k], and the bound of all pairs of two blocks by one inner product *)
Definition block_sum (I : list nat) (k : nat) : R := Sum I (fun a => u a * A a k).
Definition inner (I J : list nat) : R := Sum (seq 0 V) (fun k => block_sum I k * block_sum J k).
Definition pairs_bound (I J : list nat) : R :=
  INR (length I) * INR (length J) * ln (inner I J / (INR (length I) * INR (length J))).

Lemma inner_pairs I J : Sum (list_prod I J) (fun p => u (fst p) * u (snd p) * Z [fst p; snd p]) = inner I J.
Proof.
rewrite Sum_list_prod. unfold inner, block_sum. simpl.
transitivity (Sum I (fun a => Sum (seq 0 V) (fun k => u a * A a k * Sum J (fun b => u b * A b k)))).
- apply Sum_ext. intros a _. rewrite (Sum_ext (seq 0 V) _ (fun k => Sum J (fun b => u a * A a k * (u b * A b k))))
    by (intros; now rewrite Sum_scal).
  rewrite Sum_swap. apply Sum_ext. intros b _. unfold partition. rewrite <- Sum_scal.
  apply Sum_ext. intros k _. simpl. ring.
- rewrite Sum_swap. apply Sum_ext. intros k _. now rewrite Sum_scal_r.
Qed.

(* All pairs of two blocks; what was multiplied in is taken out. *)
Lemma pairs I J : I <> [] -> J <> [] ->
  Sum (list_prod I J) (fun p => ln (Z [fst p; snd p]))
  <= pairs_bound I J - INR (length J) * Sum I (fun a => ln (u a)) - INR (length I) * Sum J (fun b => ln (u b)).
Proof.
intros HI HJ. assert (PZ : forall t, 0 < Z t) by (intros; now apply partition_pos).
assert (H := Jensen_ln (list_prod I J) (fun p => u (fst p) * u (snd p) * Z [fst p; snd p])).
rewrite inner_pairs, prod_length, mult_INR in H.
replace (INR (length J) * Sum I (fun a => ln (u a))) with (Sum (list_prod I J) (fun p => ln (u (fst p)))).
2: { rewrite Sum_list_prod, <- Sum_scal. apply Sum_ext. intros a _. simpl. now rewrite Sum_const. }
replace (INR (length I) * Sum J (fun a => ln (u a))) with (Sum (list_prod I J) (fun p => ln (u (snd p)))).
2: { rewrite Sum_list_prod. simpl. now rewrite Sum_const. }
unfold pairs_bound. enough (Sum (list_prod I J) (fun p => ln (Z [fst p; snd p])) + Sum (list_prod I J) (fun p => ln (u (fst p)))
  + Sum (list_prod I J) (fun p => ln (u (snd p))) <= INR (length I) * INR (length J) * ln (inner I J / (INR (length I) * INR (length J)))) by lra.
rewrite <- !Sum_plus. eapply Rle_trans; [|apply H].
- right. apply Sum_ext. intros p _. rewrite !ln_mult; auto using Rmult_lt_0_compat; lra.
- destruct I, J; easy.
- intros p _. auto using Rmult_lt_0_compat.
Qed.

(** For a block J = [p, q) and blocks that make up the tokens before it, over all inputs whose label lies in J. *)
Theorem block_jensen (before : list (list nat)) p q : (p < q <= V)%nat ->
  concat before = seq 0 p -> (forall I, In I before -> I <> []) ->
  let J := seq p (q - p) in
  let size (I : list nat) := INR (length I) in
  Sum (range V 2 p q) (loss V M)
  <= Sum before (fun I => 2 * size I * size J * ln (inner I J / (size I * size J)))
     + size J ^ 2 * ln (inner J J / size J ^ 2)
     - 2 * size J * Sum (seq 0 p) (fun a => ln (u a)) - 2 * INR q * Sum J (fun a => ln (u a))
     + Sum J (label_terms M s 2).
Proof.
intros H Hc Hne J size.
assert (HJ : J <> []) by (unfold J; replace (q - p)%nat with (S (q - p - 1)) by lia; easy).
assert (SJ : size J = INR q - INR p) by (unfold size, J; rewrite seq_length, minus_INR; [easy|lia]).
assert (E : Sum (range V 2 p q) (loss V M) = Sum (range V 2 p q) (fun t => ln (Z t)) + Sum J (label_terms M s 2)).
{ rewrite !Sum_range_labels, <- Sum_plus by lia. apply Sum_ext. intros y Hy. apply in_seq in Hy. apply label_loss; lia. }
rewrite E. apply Rplus_le_compat_r. clear E.
(* the pairs of J x J, and of I x J and J x I for each block I before J *)
assert (Q : seq 0 q = seq 0 p ++ J).
{ unfold J. replace q with (p + (q - p))%nat at 1 by lia. apply seq_app. }
assert (S2 : forall m f, Sum (inputs m 2) f = Sum (seq 0 m) (fun a => Sum (seq 0 m) (fun b => f [a; b]))).
{ intros m f. unfold inputs. rewrite tuples_S. apply Sum_ext. intros a _. rewrite tuples_S. apply Sum_ext. intros b _. simpl. lra. }
assert (Zs : forall a b, Z [a; b] = Z [b; a]) by (intros; apply partition_perm, perm_swap).
set (L I K := Sum (list_prod I K) (fun p => ln (Z [fst p; snd p]))).
assert (E : Sum (range V 2 p q) (fun t => ln (Z t)) = 2 * L (seq 0 p) J + L J J).
{ rewrite Sum_range, !S2 by lia. rewrite Q.
  rewrite Sum_app. rewrite (Sum_ext (seq 0 p) (fun a => Sum (seq 0 p ++ J) _) (fun a => Sum (seq 0 p) (fun b => ln (Z [a; b])) + Sum J (fun b => ln (Z [a; b]))))
    by (intros; apply Sum_app).
  rewrite (Sum_ext J (fun a => Sum (seq 0 p ++ J) _) (fun a => Sum (seq 0 p) (fun b => ln (Z [a; b])) + Sum J (fun b => ln (Z [a; b]))))
    by (intros; apply Sum_app).
  rewrite !Sum_plus. unfold L. rewrite !Sum_list_prod. simpl.
  rewrite (Sum_swap J (seq 0 p)).
  rewrite (Sum_ext (seq 0 p) (fun b => Sum J (fun a => ln (Z [a; b]))) (fun a => Sum J (fun b => ln (Z [a; b])))).
  2: { intros a _. apply Sum_ext. intros b _. now rewrite Zs. }
  ring. }
rewrite E. clear E.
assert (E : L (seq 0 p) J = Sum before (fun I => L I J)).
{ unfold L. rewrite Sum_list_prod, <- Hc, Sum_concat. apply Sum_ext. intros I _. now rewrite Sum_list_prod. }
rewrite E. clear E.
assert (B1 : Sum before (fun I => L I J) <= Sum before (fun I => pairs_bound I J - size J * Sum I (fun a => ln (u a)) - size I * Sum J (fun b => ln (u b)))).
{ apply Sum_le. intros I HI. apply pairs; auto. }
assert (B2 : L J J <= pairs_bound J J - size J * Sum J (fun a => ln (u a)) - size J * Sum J (fun b => ln (u b))) by now apply pairs.
rewrite !Sum_minus, Sum_scal, Sum_scal_r in B1.
assert (C1 : Sum before (fun I => Sum I (fun a => ln (u a))) = Sum (seq 0 p) (fun a => ln (u a))) by now rewrite <- Hc, Sum_concat.
assert (C2 : Sum before size = INR p).
{ unfold size. transitivity (INR (length (concat before))); [|now rewrite Hc, seq_length].
  rewrite <- Sum_one, Sum_concat. apply Sum_ext. intros I _. now rewrite Sum_one. }
rewrite C1, C2 in B1.
rewrite (Sum_ext before (fun I => 2 * size I * size J * ln _) (fun I => 2 * pairs_bound I J)) by (intros; unfold pairs_bound, size; ring).
rewrite Sum_scal. replace (size J ^ 2 * ln (inner J J / size J ^ 2)) with (pairs_bound J J).
2: { unfold pairs_bound. fold (size J). f_equal; [ring|]. do 2 f_equal. ring. }
replace (INR q) with (size J + INR p) by lra. nra.
Qed.
End Blocks.
