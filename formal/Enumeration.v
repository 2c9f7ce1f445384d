(* enumeration@1: docs/rules/enumeration.md, verifier/rules/token_sum/enumeration.cpp *)
From Coq Require Import Reals Lra Lia List Arith Bool.
From Proofmark Require Import Statement Sums Inputs Loss.
Import ListNotations.
Open Scope R_scope.

(** S_y = ln prod_t Z(t) + c_1 sum_{a<y} D[a,y] + c_2 D[y,y], over the (y+1)^n - y^n inputs t with label y, for any shifts s. *)
Theorem enumeration V n M s y : (0 < n)%nat -> (y < V)%nat ->
  length (of_label V n y) = (S y ^ n - y ^ n)%nat /\
  Sum (of_label V n y) (loss V M) = ln (Prod (of_label V n y) (partition V M s)) + label_terms M s n y.
Proof.
intros Hn Hy. split.
- apply INR_eq. rewrite minus_INR by (apply Nat.pow_le_mono_l; lia).
  rewrite <- Sum_one, Sum_range, !Sum_one by (easy || lia). unfold inputs.
  now rewrite !tuples_length, !seq_length.
- rewrite (label_loss V M s) by easy. f_equal. rewrite ln_Prod; [easy|]. intros t _. apply partition_pos. lia.
Qed.

(** An input counts as correct when enclosures decide every comparison of its logits. *)
Theorem enumeration_accuracy V M t (low high : nat -> R) : (label t < V)%nat ->
  (forall k, (k < V)%nat -> low k <= logits M t k <= high k) ->
  (forall k, (k < V)%nat -> k <> label t -> high k < low (label t)) -> correct V M t = true.
Proof.
intros Hy He Hc. apply correct_spec. intros k Hk Hne. specialize (Hc k Hk Hne).
assert (K := He k Hk). assert (L := He (label t) Hy). lra.
Qed.
