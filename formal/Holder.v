(* Hölder's inequality for p factors with exponent p each, and Cauchy-Schwarz with weights, for finite sums of numbers >= 0. *)
From Coq Require Import Reals Lra Lia List Arith.
From Proofmark Require Import Statement Sums Loss Convexity.
Import ListNotations.
Open Scope R_scope.

(* The p-th root of x >= 0. *)
Definition root (p : nat) (x : R) : R := if Rle_dec x 0 then 0 else exp (ln x / INR p).

Lemma exp_mul_pow p x : exp (INR p * x) = exp x ^ p.
Proof. rewrite <- (exp_ln (exp x ^ p)) by (apply pow_lt, exp_pos). now rewrite ln_pow, ln_exp by apply exp_pos. Qed.
Lemma root_nonneg p x : 0 <= root p x.
Proof. unfold root. destruct Rle_dec; [lra|]. left. apply exp_pos. Qed.
Lemma root_pos p x : 0 < x -> 0 < root p x.
Proof. intros H. unfold root. destruct Rle_dec; [lra|]. apply exp_pos. Qed.
Lemma root_pow p x : (0 < p)%nat -> 0 <= x -> root p x ^ p = x.
Proof.
intros Hp Hx. unfold root. destruct Rle_dec as [H|H].
- rewrite pow_i by lia. lra.
- rewrite <- exp_mul_pow. replace (INR p * (ln x / INR p)) with (ln x); [apply exp_ln; lra|]. field. apply not_0_INR. lia.
Qed.
Lemma root_sqrt x : 0 <= x -> root 2 x = sqrt x.
Proof.
intros H. symmetry. apply sqrt_lem_1; [easy|apply root_nonneg|]. rewrite <- (root_pow 2 x) at 3 by (lia || easy). simpl. ring.
Qed.

(* The geometric mean is at most the arithmetic mean. *)
Lemma Prod_le_mean_pow {A} (l : list A) (y : A -> R) : l <> [] -> (forall i, In i l -> 0 <= y i) ->
  Prod l y <= Sum l (fun i => y i ^ length l) / INR (length l).
Proof.
intros Hl Hy. set (p := length l). assert (P : 0 < INR p) by (apply lt_0_INR; unfold p; destruct l; [easy|simpl; lia]).
assert (N : 0 <= Sum l (fun i => y i ^ p) / INR p).
{ apply Rmult_le_pos; [|left; now apply Rinv_0_lt_compat]. apply Sum_nonneg. intros i Hi. now apply pow_le, Hy. }
destruct (Exists_dec (fun i => y i = 0) l (fun i => Req_EM_T (y i) 0)) as [E|E].
- apply Exists_exists in E as (i & Hi & E). now rewrite (Prod_zero l y i).
- assert (Q : forall i, In i l -> 0 < y i).
  { intros i Hi. destruct (Hy i Hi) as [|E0]; [easy|]. exfalso. apply E, Exists_exists. now exists i. }
  assert (J := exp_jensen l (fun _ => / INR p) (fun i => INR p * ln (y i))).
  cbv beta in J.
  rewrite (Sum_ext l (fun i => / INR p * (INR p * ln (y i))) (fun i => ln (y i))) in J by (intros; field; lra).
  rewrite <- Prod_exp in J. rewrite (Prod_ext l _ y) in J by (intros; now apply exp_ln, Q).
  eapply Rle_trans; [apply J|].
  + intros _ _. left. now apply Rinv_0_lt_compat.
  + rewrite Sum_const. fold p. field. lra.
  + rewrite Sum_scal. right. unfold Rdiv. rewrite Rmult_comm. f_equal. apply Sum_ext. intros i Hi.
    now rewrite exp_mul_pow, exp_ln by now apply Q.
Qed.

Theorem Holder {A K} (ks : list K) (l : list A) (c : K -> R) (x : A -> K -> R) : l <> [] ->
  (forall k, In k ks -> 0 <= c k) -> (forall i k, In i l -> In k ks -> 0 <= x i k) ->
  Sum ks (fun k => c k * Prod l (fun i => x i k))
  <= Prod l (fun i => root (length l) (Sum ks (fun k => c k * x i k ^ length l))).
Proof.
intros Hl Hc Hx. set (p := length l). assert (P : (0 < p)%nat) by (unfold p; destruct l; [easy|simpl; lia]).
assert (PR : 0 < INR p) by now apply lt_0_INR.
set (S i := Sum ks (fun k => c k * x i k ^ p)). set (N i := root p (S i)).
assert (T : forall i k, In i l -> In k ks -> 0 <= c k * x i k ^ p) by (intros; apply Rmult_le_pos; auto using pow_le).
assert (S0 : forall i, In i l -> 0 <= S i) by (intros i Hi; apply Sum_nonneg; auto).
destruct (Exists_dec (fun i => S i = 0) l (fun i => Req_EM_T (S i) 0)) as [E|E].
- (* one factor is zero wherever it counts *)
  apply Exists_exists in E as (i & Hi & E).
  apply Rle_trans with 0; [|apply Prod_nonneg; intros; apply root_nonneg].
  rewrite <- (Sum_0 ks). apply Sum_le. intros k Hk.
  assert (H : c k * x i k ^ p <= 0) by (rewrite <- E; apply (Sum_ge_elem ks (fun k => c k * x i k ^ p)); auto).
  destruct (Req_EM_T (c k) 0) as [->|Hck]; [lra|]. destruct (Req_EM_T (x i k) 0) as [Ex|Hxk].
  + rewrite (Prod_zero l _ i) by easy. lra.
  + exfalso. assert (0 < c k) by (destruct (Hc k Hk); [easy|congruence]).
    assert (0 < x i k) by (destruct (Hx i k Hi Hk); [easy|congruence]).
    assert (0 < c k * x i k ^ p) by (apply Rmult_lt_0_compat; [easy|now apply pow_lt]). lra.
- assert (NP : forall i, In i l -> 0 < N i).
  { intros i Hi. apply root_pos. destruct (S0 i Hi) as [|E0]; [easy|]. exfalso. apply E, Exists_exists. now exists i. }
  apply Rle_trans with (Sum ks (fun k => Prod l N * (c k * (Sum l (fun i => (x i k / N i) ^ p) / INR p)))).
  + apply Sum_le. intros k Hk.
    replace (Prod l (fun i => x i k)) with (Prod l N * Prod l (fun i => x i k / N i)).
    2: { rewrite <- Prod_mult. apply Prod_ext. intros i Hi. specialize (NP i Hi). field. lra. }
    replace (c k * (Prod l N * Prod l (fun i => x i k / N i))) with (Prod l N * (c k * Prod l (fun i => x i k / N i))) by ring.
    apply Rmult_le_compat_l; [left; now apply Prod_pos|]. apply Rmult_le_compat_l; [auto|].
    apply Prod_le_mean_pow; [easy|]. intros i Hi. apply Rmult_le_pos; [auto|left; auto using Rinv_0_lt_compat].
  + right. rewrite Sum_scal. transitivity (Prod l N); [|easy]. rewrite <- (Rmult_1_r (Prod l N)) at 2. f_equal.
    rewrite (Sum_ext ks _ (fun k => / INR p * Sum l (fun i => c k * x i k ^ p / S i))).
    * rewrite Sum_scal, Sum_swap. rewrite (Sum_ext l _ (fun _ => 1)).
      -- rewrite Sum_one. fold p. field. lra.
      -- intros i Hi. rewrite Sum_div. fold (S i). field. intros E0. apply E, Exists_exists. now exists i.
    * intros k _. unfold Rdiv. rewrite (Rmult_comm _ (/ INR p)), <- Rmult_assoc, (Rmult_comm (c k)), Rmult_assoc. f_equal.
      rewrite <- Sum_scal. apply Sum_ext. intros i Hi. specialize (NP i Hi). specialize (S0 i Hi).
      rewrite Rpow_mult_distr, pow_inv. unfold N. rewrite root_pow by easy. ring.
Qed.

(* Two factors, scaled by sqrt w and 1 / sqrt w first. *)
Theorem Cauchy_Schwarz {K} (ks : list K) (c x y w : K -> R) :
  (forall k, In k ks -> 0 <= c k) -> (forall k, In k ks -> 0 <= x k) -> (forall k, In k ks -> 0 <= y k) ->
  (forall k, In k ks -> 0 < w k) ->
  Sum ks (fun k => c k * (x k * y k))
  <= root 2 (Sum ks (fun k => c k * (x k ^ 2 * w k))) * root 2 (Sum ks (fun k => c k * (y k ^ 2 / w k))).
Proof.
intros Hc Hx Hy Hw.
assert (H := Holder ks [true; false] c (fun b k => if b then x k * sqrt (w k) else y k / sqrt (w k)) ltac:(easy) Hc).
simpl length in H. cbn [Prod] in H. rewrite Rmult_1_r in H. eapply Rle_trans; [|eapply Rle_trans; [apply H|]].
- right. apply Sum_ext. intros k Hk. assert (0 < sqrt (w k)) by now apply sqrt_lt_R0, Hw. field. lra.
- intros b k _ Hk. assert (0 < sqrt (w k)) by now apply sqrt_lt_R0, Hw.
  destruct b; apply Rmult_le_pos; auto; left; [easy|now apply Rinv_0_lt_compat].
- right. f_equal; f_equal; apply Sum_ext; intros k Hk; assert (Q : 0 < sqrt (w k)) by now apply sqrt_lt_R0, Hw.
  + rewrite Rpow_mult_distr, pow2_sqrt by now left; apply Hw. ring.
  + unfold Rdiv. rewrite Rpow_mult_distr, pow_inv, pow2_sqrt by (now left; apply Hw). ring.
Qed.
