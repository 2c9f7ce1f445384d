(* symmetry@1: docs/rules/symmetry.md, verifier/rules/token_sum/symmetry.cpp *)
From Coq Require Import Reals Lra Lia List Permutation Arith Sorted Factorial Bool.
From Proofmark Require Import Statement Sums Inputs Loss Orderings.
Import ListNotations.
Open Scope R_scope.

(** S_y = sum over sorted t with label y of w(t) ln Z(t), and the label terms of enumeration@1; w(t) = [orderings t].
    [sorted_of_label n y] lists each sorted input once. *)
Theorem symmetry V n M s y : (0 < n)%nat -> (y < V)%nat ->
  NoDup (sorted_of_label n y) /\
  (forall t, In t (sorted_of_label n y) <-> length t = n /\ Sorted ge t /\ label t = y) /\
  Sum (of_label V n y) (loss V M)
  = Sum (sorted_of_label n y) (fun t => orderings t * ln (partition V M s t)) + label_terms M s n y.
Proof.
intros Hn Hy. split; [apply sorted_of_label_NoDup|]. split; [apply sorted_of_label_In|].
rewrite (label_loss V M s) by easy. f_equal.
apply (Sum_of_label_sorted V n y (fun t => ln (partition V M s t))); try easy.
intros t t' P. now rewrite (partition_perm V M s t t' P).
Qed.

(** n = 2: pairs a < b weigh 2 and a = a weighs 1. *)
Lemma Sum_of_label_pairs V y f : perm_inv f -> (y < V)%nat ->
  Sum (of_label V 2 y) f = 2 * Sum (seq 0 y) (fun a => f [y; a]) + f [y; y].
Proof.
intros Hf Hy. rewrite (Sum_of_label_peel V 2 y f) by (easy || lia).
simpl seq. simpl (Sum [_; _] _). rewrite C_n_n. replace (C 2 1) with 2 by (unfold C; simpl; field).
replace (Sum (inputs y 1) (fun u => f (y :: u))) with (Sum (seq 0 y) (fun a => f [y; a])); [lra|].
unfold inputs. rewrite tuples_S. apply Sum_ext. intros a _. simpl. lra.
Qed.
Lemma Sum_pairs V f : perm_inv f ->
  Sum (inputs V 2) f = Sum (seq 0 V) (fun y => 2 * Sum (seq 0 y) (fun a => f [y; a]) + f [y; y]).
Proof.
intros Hf. rewrite Sum_labels by lia. apply Sum_ext. intros y Hy. apply in_seq in Hy. apply Sum_of_label_pairs; easy.
Qed.

(** A row: the inputs that put a token a <= c before the same [rest], whose smallest token is c = t_2, there r times. *)
Lemma multiplicities_cons W x t : (x < W)%nat ->
  multiplicities W (x :: t) = INR (S (count_occ Nat.eq_dec t x)) * multiplicities W t.
Proof.
induction W as [|W IH]; [lia|]. intros Hx. rewrite !multiplicities_S. simpl count_occ.
destruct (Nat.eq_dec x W) as [->|Hne].
- rewrite fact_simpl, mult_INR. replace (multiplicities W (W :: t)) with (multiplicities W t); [ring|].
  apply Prod_ext. intros v Hv. apply in_seq in Hv. simpl. destruct Nat.eq_dec; [lia|easy].
- rewrite IH by lia. ring.
Qed.

Lemma row_weights c r rest : In c rest -> (forall x, In x rest -> (c <= x)%nat) -> count_occ Nat.eq_dec rest c = r ->
  forall a, (a < c)%nat -> orderings (a :: rest) = INR (r + 1) * orderings (c :: rest).
Proof.
intros Hc Hmin Hr a Ha. unfold orderings. assert (L := label_ge rest c Hc).
replace (label (a :: rest)) with (label rest) by (simpl; lia). replace (label (c :: rest)) with (label rest) by (simpl; lia).
rewrite !multiplicities_cons, Hr by lia. rewrite (proj1 (count_occ_not_In Nat.eq_dec rest a)).
2: { intros X. apply Hmin in X. lia. }
simpl length. replace (r + 1)%nat with (S r) by lia.
assert (P := multiplicities_pos (S (label rest)) rest). assert (0 < INR (S r)) by (apply lt_0_INR; lia).
change (INR 1) with 1. field. split; lra.
Qed.

(* One logarithm a row. *)
Theorem symmetry_row V M s c r rest : (0 < V)%nat ->
  In c rest -> (forall x, In x rest -> (c <= x)%nat) -> count_occ Nat.eq_dec rest c = r ->
  Sum (seq 0 (S c)) (fun a => orderings (a :: rest) * ln (partition V M s (a :: rest)))
  = orderings (c :: rest) *
    ln (Prod (seq 0 c) (fun a => partition V M s (a :: rest)) ^ (r + 1) * partition V M s (c :: rest)).
Proof.
intros HV Hc Hmin Hr. assert (P : forall t, 0 < partition V M s t) by (intros; now apply partition_pos).
rewrite seq_S, Sum_app. simpl Sum. rewrite ln_mult, ln_pow, ln_Prod; auto using pow_lt, Prod_pos.
rewrite (Sum_ext (seq 0 c) _ (fun a => orderings (c :: rest) * (INR (r + 1) * ln (partition V M s (a :: rest))))).
- rewrite !Sum_scal. ring.
- intros a Ha. apply in_seq in Ha. rewrite (row_weights c r rest Hc Hmin Hr a) by lia. ring.
Qed.

(* The rows of a label are all sorted inputs with one token less, and the inputs of all rows are all sorted inputs. *)
Definition smallest (rest : list nat) : nat := last rest 0%nat.
Lemma Sorted_snoc rest a : rest <> [] -> (Sorted ge (rest ++ [a]) <-> Sorted ge rest /\ (a <= smallest rest)%nat).
Proof.
induction rest as [|x rest IH]; [easy|]. intros _. destruct rest as [|z rest].
- simpl. split.
  + intros H. inversion H as [|? ? ? Hh]; subst. inversion Hh; subst. split; [repeat constructor|easy].
  + intros [_ H]. repeat constructor. exact H.
- specialize (IH ltac:(easy)). change (smallest (x :: z :: rest)) with (smallest (z :: rest)). split.
  + intros H. inversion H as [|? ? Hs Hh]; subst. apply IH in Hs as [H1 H2]. split; [|easy].
    constructor; [easy|]. inversion Hh; subst. now constructor.
  + intros [H Ha]. inversion H as [|? ? Hs Hh]; subst. simpl. constructor; [now apply IH|].
    inversion Hh; subst. now constructor.
Qed.
Theorem symmetry_rows n y g : (2 <= n)%nat -> perm_inv g ->
  Sum (sorted_of_label n y) g
  = Sum (sorted_of_label (n - 1) y) (fun rest => Sum (seq 0 (S (smallest rest))) (fun a => g (a :: rest))).
Proof.
intros Hn Hg. set (rows := sorted_of_label (n - 1) y).
assert (NE : forall rest, In rest rows -> rest <> []).
{ intros rest H. apply sorted_of_label_In in H as (H & _). intros ->. simpl in H. lia. }
transitivity (Sum (flat_map (fun rest => map (fun a => rest ++ [a]) (seq 0 (S (smallest rest)))) rows) g).
2: { rewrite Sum_flat_map. apply Sum_ext. intros rest _. rewrite Sum_map. apply Sum_ext. intros a _.
     apply Hg. symmetry. apply Permutation_cons_append. }
apply Sum_perm, NoDup_Permutation.
- apply sorted_of_label_NoDup.
- assert (ND : NoDup rows) by apply sorted_of_label_NoDup. clear NE. induction ND as [|rest rs Hr ND IH]; cbn [flat_map]; [constructor|].
  apply (NoDup_app_intro (map (fun a => rest ++ [a]) (seq 0 (S (smallest rest))))).
  + apply FinFun.Injective_map_NoDup; [|apply seq_NoDup]. intros a b E. now apply app_inj_tail in E as [_ E].
  + easy.
  + intros t H1 H2. apply in_map_iff in H1 as (a & <- & _). apply in_flat_map in H2 as (rest' & Hin & H2).
    apply in_map_iff in H2 as (b & E & _). apply app_inj_tail in E as [<- _]. easy.
- intros t. rewrite sorted_of_label_In, in_flat_map. split.
  + intros (Hl & Hs & Hy). destruct (exists_last (l := t)) as (rest & a & ->).
    { intros ->. simpl in Hl. lia. }
    rewrite app_length in Hl. simpl in Hl. assert (N : rest <> []) by (intros ->; simpl in Hl; lia).
    apply (Sorted_snoc rest a N) in Hs as [Hs Ha]. exists rest. split.
    * apply sorted_of_label_In. split; [lia|]. split; [easy|]. rewrite label_app in Hy. simpl in Hy.
      assert (K : In (smallest rest) rest).
      { destruct (exists_last N) as (l & x & ->). unfold smallest. rewrite last_last. apply in_or_app. right. now left. }
      apply label_ge in K. lia.
    * apply in_map_iff. exists a. split; [easy|]. apply in_seq. lia.
  + intros (rest & Hrest & Ht). assert (N := NE rest Hrest). apply in_map_iff in Ht as (a & <- & Ha). apply in_seq in Ha.
    apply sorted_of_label_In in Hrest as (Hl & Hs & Hy). rewrite app_length. simpl length. split; [lia|]. split.
    * apply Sorted_snoc; [easy|]. split; [easy|lia].
    * rewrite label_app. simpl. assert (K : In (smallest rest) rest).
      { destruct (exists_last N) as (l & x & ->). unfold smallest. rewrite last_last. apply in_or_app. right. now left. }
      apply label_ge in K. lia.
Qed.
