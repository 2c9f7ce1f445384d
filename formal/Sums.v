(* Finite sums and products over lists: the only "big operators" that the rule book needs. *)
From Coq Require Import Reals Lra Lia List Permutation Arith Bool.
From Proofmark Require Import Statement.
Import ListNotations.
Open Scope R_scope.

Definition Sum_below (n : nat) (f : nat -> R) : R := Sum (seq 0 n) f.

Section Gen.
Context {A : Type}.
Implicit Types (l : list A) (f g : A -> R).

Lemma Sum_app l1 l2 f : Sum (l1 ++ l2) f = Sum l1 f + Sum l2 f.
Proof. induction l1; simpl; lra. Qed.

Lemma Sum_ext l f g : (forall x, In x l -> f x = g x) -> Sum l f = Sum l g.
Proof.
induction l as [|a l IH]; simpl; intros H; [easy|].
rewrite H, IH; auto.
Qed.

Lemma Sum_le l f g : (forall x, In x l -> f x <= g x) -> Sum l f <= Sum l g.
Proof.
induction l as [|a l IH]; simpl; intros H; [lra|].
apply Rplus_le_compat; auto.
Qed.

Lemma Sum_nonneg l f : (forall x, In x l -> 0 <= f x) -> 0 <= Sum l f.
Proof.
induction l as [|a l IH]; simpl; intros H; [lra|].
specialize (IH (fun x h => H x (or_intror h))). specialize (H a (or_introl eq_refl)). lra.
Qed.

Lemma Sum_pos l f : l <> nil -> (forall x, In x l -> 0 < f x) -> 0 < Sum l f.
Proof.
destruct l as [|a l]; [easy|]. intros _ H. simpl.
assert (0 <= Sum l f) by (apply Sum_nonneg; intros x Hx; left; apply H; now right).
specialize (H a (or_introl eq_refl)). lra.
Qed.

Lemma Sum_plus l f g : Sum l (fun x => f x + g x) = Sum l f + Sum l g.
Proof. induction l; simpl; lra. Qed.
Lemma Sum_minus l f g : Sum l (fun x => f x - g x) = Sum l f - Sum l g.
Proof. induction l; simpl; lra. Qed.
Lemma Sum_scal l c f : Sum l (fun x => c * f x) = c * Sum l f.
Proof. induction l; simpl; lra. Qed.
Lemma Sum_scal_r l c f : Sum l (fun x => f x * c) = Sum l f * c.
Proof. induction l; simpl; lra. Qed.
Lemma Sum_div l c f : Sum l (fun x => f x / c) = Sum l f / c.
Proof. apply Sum_scal_r. Qed.
Lemma Sum_const l c : Sum l (fun _ => c) = INR (length l) * c.
Proof.
induction l as [|a l IH]; [simpl; lra|].
change (length (a :: l)) with (S (length l)). rewrite S_INR. simpl. lra.
Qed.
Lemma Sum_0 l : Sum l (fun _ => 0) = 0.
Proof. induction l; simpl; lra. Qed.

Lemma Sum_perm l l' f : Permutation l l' -> Sum l f = Sum l' f.
Proof. induction 1; simpl; lra. Qed.

Lemma Sum_ge_elem l f x : (forall y, In y l -> 0 <= f y) -> In x l -> f x <= Sum l f.
Proof.
induction l as [|a l IH]; simpl; intros H; [easy|]. intros [->|Hx].
- assert (0 <= Sum l f) by (apply Sum_nonneg; auto). lra.
- assert (0 <= f a) by auto. assert (f x <= Sum l f) by auto. lra.
Qed.

Lemma Sum_ge_2elem (dec : forall x y : A, {x = y} + {x <> y}) l f x y :
  (forall z, In z l -> 0 <= f z) -> In x l -> In y l -> x <> y -> f x + f y <= Sum l f.
Proof.
induction l as [|a l IH]; simpl; intros H Hx Hy Hxy; [easy|].
assert (Ha : 0 <= f a) by auto.
destruct Hx as [->|Hx], Hy as [->|Hy]; try easy.
- assert (f y <= Sum l f) by (apply Sum_ge_elem; auto). lra.
- assert (f x <= Sum l f) by (apply Sum_ge_elem; auto). lra.
- assert (f x + f y <= Sum l f) by auto. lra.
Qed.

Lemma Sum_filter (p : A -> bool) l f :
  Sum l f = Sum (filter p l) f + Sum (filter (fun x => negb (p x)) l) f.
Proof. induction l as [|a l IH]; simpl; [lra|]. destruct (p a); simpl; lra. Qed.
End Gen.

Lemma Sum_swap {A B} (la : list A) (lb : list B) (f : A -> B -> R) :
  Sum la (fun a => Sum lb (fun b => f a b)) = Sum lb (fun b => Sum la (fun a => f a b)).
Proof.
induction la as [|a la IH]; simpl.
- now rewrite Sum_0.
- now rewrite IH, Sum_plus.
Qed.

Lemma Sum_map {A B} (g : A -> B) l f : Sum (map g l) f = Sum l (fun x => f (g x)).
Proof. induction l; simpl; lra. Qed.

Lemma Sum_flat_map {A B} (g : A -> list B) l f :
  Sum (flat_map g l) f = Sum l (fun x => Sum (g x) f).
Proof. induction l; simpl; [easy|]. rewrite Sum_app; lra. Qed.

Lemma Sum_concat {A} (ll : list (list A)) f : Sum (concat ll) f = Sum ll (fun l => Sum l f).
Proof. induction ll; simpl; [easy|]. rewrite Sum_app; lra. Qed.

Lemma Sum_below_0 f : Sum_below 0 f = 0.
Proof. easy. Qed.
Lemma Sum_below_S n f : Sum_below (S n) f = Sum_below n f + f n.
Proof. unfold Sum_below. rewrite seq_S, Sum_app. simpl. lra. Qed.
Lemma Sum_below_ext n f g : (forall i, (i < n)%nat -> f i = g i) -> Sum_below n f = Sum_below n g.
Proof. intros H. apply Sum_ext. intros x Hx. apply H. apply in_seq in Hx. lia. Qed.
Lemma Sum_below_le n f g : (forall i, (i < n)%nat -> f i <= g i) -> Sum_below n f <= Sum_below n g.
Proof. intros H. apply Sum_le. intros x Hx. apply H. apply in_seq in Hx. lia. Qed.
Lemma Sum_below_plus n f g : Sum_below n (fun x => f x + g x) = Sum_below n f + Sum_below n g.
Proof. apply Sum_plus. Qed.
Lemma Sum_below_scal n c f : Sum_below n (fun x => c * f x) = c * Sum_below n f.
Proof. apply Sum_scal. Qed.
Lemma Sum_below_swap n m f : Sum_below n (fun a => Sum_below m (fun b => f a b)) = Sum_below m (fun b => Sum_below n (fun a => f a b)).
Proof. apply Sum_swap. Qed.
Lemma Sum_below_const n c : Sum_below n (fun _ => c) = INR n * c.
Proof. unfold Sum_below. now rewrite Sum_const, seq_length. Qed.

Lemma Sum_below_Sl n f : Sum_below (S n) f = f 0%nat + Sum_below n (fun i => f (S i)).
Proof. unfold Sum_below. simpl. now rewrite <- seq_shift, Sum_map. Qed.

Lemma Sum_if {A} (p : A -> bool) l f : Sum (filter p l) f = Sum l (fun x => if p x then f x else 0).
Proof. induction l as [|a l IH]; simpl; [easy|]. destruct (p a); simpl; lra. Qed.

Lemma Sum_flat_map_map {A B} (la : list A) (lb : list B) {C} (g : A -> B -> C) f :
  Sum (flat_map (fun a => map (g a) lb) la) f = Sum la (fun a => Sum lb (fun b => f (g a b))).
Proof. rewrite Sum_flat_map. apply Sum_ext. intros a _. apply Sum_map. Qed.

Lemma Sum_list_prod {A B} (la : list A) (lb : list B) f :
  Sum (list_prod la lb) f = Sum la (fun a => Sum lb (fun b => f (a, b))).
Proof. induction la as [|a la IH]; simpl; [easy|]. now rewrite Sum_app, Sum_map, IH. Qed.

Lemma Sum_one {A} (l : list A) : Sum l (fun _ => 1) = INR (length l).
Proof. rewrite Sum_const. lra. Qed.

(** Products *)
Fixpoint Prod {A} (l : list A) (f : A -> R) : R := match l with [] => 1 | x :: r => f x * Prod r f end.

Section Products.
Context {A : Type}.
Implicit Types (l : list A) (f g : A -> R).

Lemma Prod_ext l f g : (forall x, In x l -> f x = g x) -> Prod l f = Prod l g.
Proof. induction l as [|a l IH]; simpl; intros H; [easy|]. rewrite H, IH; auto. Qed.
Lemma Prod_app l1 l2 f : Prod (l1 ++ l2) f = Prod l1 f * Prod l2 f.
Proof. induction l1; simpl; [lra|]. rewrite IHl1. lra. Qed.
Lemma Prod_pos l f : (forall x, In x l -> 0 < f x) -> 0 < Prod l f.
Proof. induction l as [|a l IH]; simpl; intros H; [lra|]. apply Rmult_lt_0_compat; auto. Qed.
Lemma Prod_nonneg l f : (forall x, In x l -> 0 <= f x) -> 0 <= Prod l f.
Proof. induction l as [|a l IH]; simpl; intros H; [lra|]. apply Rmult_le_pos; auto. Qed.
Lemma Prod_exp l f : Prod l (fun x => exp (f x)) = exp (Sum l f).
Proof. induction l as [|a l IH]; simpl; [now rewrite exp_0|]. now rewrite IH, exp_plus. Qed.
Lemma Prod_mult l f g : Prod l (fun x => f x * g x) = Prod l f * Prod l g.
Proof. induction l as [|a l IH]; simpl; [lra|]. rewrite IH. ring. Qed.
Lemma Prod_const l c : Prod l (fun _ => c) = c ^ length l.
Proof. induction l as [|a l IH]; simpl; [easy|]. now rewrite IH. Qed.
Lemma Prod_perm l l' f : Permutation l l' -> Prod l f = Prod l' f.
Proof. induction 1; simpl; try ring; congruence. Qed.
Lemma Prod_zero l f x : In x l -> f x = 0 -> Prod l f = 0.
Proof.
induction l as [|a l IH]; simpl; [easy|]. intros [->|Hx] E; [rewrite E; lra|].
rewrite IH by easy. lra.
Qed.
Lemma ln_Prod l f : (forall x, In x l -> 0 < f x) -> ln (Prod l f) = Sum l (fun x => ln (f x)).
Proof.
induction l as [|a l IH]; simpl; intros H; [apply ln_1|].
rewrite ln_mult, IH; auto using Prod_pos.
Qed.
End Products.
