(* Intervals that contain real numbers, over any number format of coq-interval: single numbers, rows and tables of them,
   and the tables of the family token-sum (schema/FORMAT.md, section 8). Rounding is coq-interval's, outward in every operation. *)
From Coq Require Import Reals Lra Lia List ZArith Arith Bool QArith Qreals.
From Interval.Real Require Import Xreal.
From Interval.Float Require Import Basic Sig.
From Interval.Interval Require Import Interval Float Float_full.
From Proofmark Require Import Statement Sums Inputs Loss.
Import ListNotations.
Open Scope R_scope.

Definition tabulate {A} (n : nat) (g : nat -> A) : list A := map g (seq 0 n).
Lemma nth_tabulate {A} n (g : nat -> A) i d : (i < n)%nat -> nth i (tabulate n g) d = g i.
Proof.
intros H. unfold tabulate. rewrite (nth_indep _ d (g 0%nat)) by now rewrite map_length, seq_length.
rewrite map_nth, seq_nth by easy. easy.
Qed.

Lemma tabulate_nth {A} (l : list A) d : tabulate (length l) (fun i => nth i l d) = l.
Proof. unfold tabulate. induction l as [|x l IH]; [easy|]. simpl. now rewrite <- seq_shift, map_map, IH. Qed.

Fixpoint map2 {A} (f : A -> A -> A) (l m : list A) : list A :=
  match l, m with x :: l', y :: m' => f x y :: map2 f l' m' | _, _ => [] end.

Module Enclosures (F : FloatOps with Definition sensible_format := true).
Module I := FloatIntervalFull F.

Definition cont (i : I.type) (r : R) : Prop := contains (I.convert i) (Xreal r).
Definition unknown : I.type := I.nai. (* contains everything *)
Definition row (n : nat) (l : list I.type) (f : nat -> R) : Prop := Forall2 (fun i k => cont i (f k)) l (seq 0 n).
Definition table (n m : nat) (t : list (list I.type)) (f : nat -> nat -> R) : Prop :=
  forall a, (a < n)%nat -> row m (nth a t []) (f a).

Section Operations.
Variable p : F.precision.
Notation T := I.type.

Definition whole (z : Z) : T := I.fromZ p z.
Definition natural (n : nat) : T := whole (Z.of_nat n).
Definition ratio (q : Q) : T := I.div p (whole (Qnum q)) (whole (Zpos (Qden q))).
Definition weight (x : dyadic) : T :=
  let '(m, e) := x in if (0 <=? e)%Z then whole (m * 2 ^ e) else I.div p (whole m) (whole (2 ^ (- e))).
Fixpoint dot_from (sum : T) (xs ys : list T) : T :=
  match xs, ys with x :: xs', y :: ys' => dot_from (I.add p sum (I.mul p x y)) xs' ys' | _, _ => sum end.
Definition dot : list T -> list T -> T := dot_from I.zero.
Definition add_up {A} (g : A -> T) (l : list A) : T := fold_left (fun sum x => I.add p sum (g x)) l I.zero.
(* Sum of logarithms: one logarithm for up to 8 factors, few enough for binary64 where each lies between 2^-120 and 2^120. *)
Fixpoint log_sum_from {A} (room : nat) (product sum : T) (g : A -> T) (l : list A) : T :=
  match l with
  | [] => I.add p sum (I.ln p product)
  | x :: r => match room with
    | O => log_sum_from 7 (g x) (I.add p sum (I.ln p product)) g r
    | S room' => log_sum_from room' (I.mul p product (g x)) sum g r
    end
  end.
Definition log_sum {A} (g : A -> T) (l : list A) : T := log_sum_from 8 (whole 1) I.zero g l.

(* M = E W U, the shifts s_a, D[a,k] = s_a - M[a,k], A[a,k] = exp(-D[a,k]) *)
Definition weights (rows columns : nat) (t : nat -> nat -> dyadic) : list (list T) :=
  tabulate rows (fun i => tabulate columns (fun j => weight (t i j))).
Definition products (rows columns : nat) (xs ys : list (list T)) : list (list T) :=
  tabulate rows (fun i => let x := nth i xs [] in tabulate columns (fun j => dot x (nth j ys []))).
Definition stored (t : tensor) (i j : nat) : dyadic := nth j (nth i t []) (0, 0)%Z.
Definition logit_table (V d : nat) (embedding linear unembedding : tensor) : list (list T) :=
  products V V (products V d (weights V d (fun a i => stored embedding i a)) (weights d d (stored linear))) (weights V d (stored unembedding)).
Definition shift (l : list T) : F.type := fold_left (fun s i => F.max s (I.upper i)) (tl l) (I.upper (hd unknown l)).
Definition shifts (logits : list (list T)) : list F.type := map shift logits.
Definition deficit_table (V : nat) (logits : list (list T)) (s : list F.type) : list (list T) :=
  tabulate V (fun a => let sa := I.singleton (nth a s F.zero) in map (fun m => I.sub p sa m) (nth a logits [])).
Definition shared_table (V : nat) (deficits : list (list T)) : list (list T) :=
  tabulate V (fun a => map (fun d => I.exp p (I.neg d)) (nth a deficits [])).
(* u_a A[a,k] *)
Definition scaled (V : nat) (u : nat -> dyadic) (A : list (list T)) : list (list T) :=
  tabulate V (fun a => let ua := weight (u a) in map (fun x => I.mul p ua x) (nth a A [])).
Definition zeros (n : nat) : list T := tabulate n (fun _ => I.zero).

(** Comparisons *)
Definition not_above_zero (i : T) : bool := I.subset i (Ibnd F.nan F.zero).
Definition not_below_zero (i : T) : bool := I.subset i (Ibnd F.zero F.nan).
Definition below_zero (i : T) : bool := match I.sign_strict i with Xlt => true | _ => false end.
Definition shape (rows columns : nat) (t : tensor) : bool :=
  (length t =? rows)%nat && forallb (fun r => length r =? columns)%nat t.

(** Every operation contains the exact result. *)
Lemma cont_add i j x y : cont i x -> cont j y -> cont (I.add p i j) (x + y).
Proof. intros H K. exact (I.add_correct p i j (Xreal x) (Xreal y) H K). Qed.
Lemma cont_sub i j x y : cont i x -> cont j y -> cont (I.sub p i j) (x - y).
Proof. intros H K. exact (I.sub_correct p i j (Xreal x) (Xreal y) H K). Qed.
Lemma cont_mul i j x y : cont i x -> cont j y -> cont (I.mul p i j) (x * y).
Proof. intros H K. exact (I.mul_correct p i j (Xreal x) (Xreal y) H K). Qed.
Lemma cont_neg i x : cont i x -> cont (I.neg i) (- x).
Proof. intros H. exact (I.neg_correct i (Xreal x) H). Qed.
Lemma cont_exp i x : cont i x -> cont (I.exp p i) (exp x).
Proof. intros H. exact (I.exp_correct p i (Xreal x) H). Qed.
Lemma cont_sqrt i x : cont i x -> cont (I.sqrt p i) (sqrt x).
Proof. intros H. exact (I.sqrt_correct p i (Xreal x) H). Qed.
Lemma cont_ln i x : 0 < x -> cont i x -> cont (I.ln p i) (ln x).
Proof.
intros P H. assert (K := I.ln_correct p i (Xreal x) H). revert K. unfold cont. simpl.
unfold Xln'. now rewrite is_positive_true.
Qed.
Lemma cont_div i j x y : y <> 0 -> cont i x -> cont j y -> cont (I.div p i j) (x / y).
Proof.
intros P H K. assert (L := I.div_correct p i j (Xreal x) (Xreal y) H K). revert L. unfold cont. simpl.
unfold Xdiv'. now rewrite is_zero_false.
Qed.
Lemma cont_whole z : cont (whole z) (IZR z).
Proof. apply I.fromZ_correct. Qed.
Lemma cont_natural n : cont (natural n) (INR n).
Proof. rewrite INR_IZR_INZ. apply cont_whole. Qed.
Lemma cont_ratio q : cont (ratio q) (Q2R q).
Proof. unfold Q2R. apply cont_div; [now apply IZR_neq|apply cont_whole|apply cont_whole]. Qed.
Lemma cont_weight x : cont (weight x) (real x).
Proof.
destruct x as [m e]. unfold weight, real. simpl fst. simpl snd.
assert (E : forall q, 2 ^ Pos.to_nat q = IZR (2 ^ Zpos q)) by (intros q; now rewrite <- (positive_nat_Z q), <- pow_IZR).
destruct e as [|q|q]; simpl Z.leb; cbv iota.
- replace (IZR m * powerRZ 2 0) with (IZR (m * 2 ^ 0)); [apply cont_whole|]. rewrite Z.pow_0_r, Z.mul_1_r. simpl. ring.
- replace (IZR m * powerRZ 2 (Zpos q)) with (IZR (m * 2 ^ Zpos q)); [apply cont_whole|]. simpl powerRZ. now rewrite mult_IZR, E.
- simpl powerRZ. rewrite E. apply cont_div; [|apply cont_whole|apply cont_whole].
  apply IZR_neq. apply Z.pow_nonzero; easy.
Qed.
Lemma cont_zero : cont I.zero 0.
Proof. unfold cont. rewrite I.zero_correct. simpl. lra. Qed.
Lemma cont_singleton x : cont (I.singleton x) (F.toR x).
Proof. apply (I.singleton_correct x). Qed.
Lemma cont_unknown x : cont unknown x.
Proof. unfold cont, unknown. now rewrite I.nai_correct. Qed.

Lemma cont_add_up {A} (g : A -> T) f l : (forall x, In x l -> cont (g x) (f x)) -> cont (add_up g l) (Sum l f).
Proof.
intros H. unfold add_up. rewrite <- (Rplus_0_l (Sum l f)). assert (K := cont_zero). revert K. generalize I.zero, 0.
induction l as [|x l IH]; simpl; intros i r K; [now rewrite Rplus_0_r|].
rewrite <- Rplus_assoc. apply IH; [intros; apply H; now right|]. apply cont_add; [easy|]. apply H. now left.
Qed.
Lemma cont_log_sum {A} (g : A -> T) f l : (forall x, In x l -> 0 < f x /\ cont (g x) (f x)) -> cont (log_sum g l) (Sum l (fun x => ln (f x))).
Proof.
enough (G : forall i j r z, cont i r -> cont j z -> 0 < z -> forall room, (forall x, In x l -> 0 < f x /\ cont (g x) (f x)) ->
  cont (log_sum_from room j i g l) (r + ln z + Sum l (fun x => ln (f x)))).
{ intros H. replace (Sum l (fun x => ln (f x))) with (0 + ln 1 + Sum l (fun x => ln (f x))) by (rewrite ln_1; ring).
  apply G; [apply cont_zero|apply (cont_whole 1)|lra|easy]. }
induction l as [|x l IH]; intros i j r z K P P0 room H.
- simpl. rewrite Rplus_0_r. apply cont_add; [easy|now apply cont_ln].
- destruct (H x (or_introl eq_refl)) as [X0 X]. assert (H' : forall y, In y l -> 0 < f y /\ cont (g y) (f y)) by (intros; apply H; now right).
  destruct room as [|room]; simpl.
  + replace (r + ln z + (ln (f x) + Sum l (fun x => ln (f x)))) with (r + ln z + ln (f x) + Sum l (fun x => ln (f x))) by ring.
    apply IH; try easy. apply cont_add; [easy|now apply cont_ln].
  + replace (r + ln z + (ln (f x) + Sum l (fun x => ln (f x)))) with (r + ln (z * f x) + Sum l (fun x => ln (f x))) by (rewrite ln_mult by easy; ring).
    apply IH; try easy; [now apply cont_mul|now apply Rmult_lt_0_compat].
Qed.

(** Rows and tables *)
Lemma row_nth n l f k : row n l f -> cont (nth k l unknown) (f k).
Proof.
unfold row. assert (G : forall s, Forall2 (fun i k => cont i (f k)) l (seq s n) -> cont (nth k l unknown) (f (s + k)%nat)); [|apply (G 0%nat)].
revert l k. induction n as [|n IH]; intros l k s H; inversion H; subst.
- destruct k; apply cont_unknown.
- destruct k as [|k]; simpl; [now rewrite Nat.add_0_r|]. replace (s + S k)%nat with (S s + k)%nat by lia. now apply IH.
Qed.
Lemma row_tabulate n g f : (forall k, (k < n)%nat -> cont (g k) (f k)) -> row n (tabulate n g) f.
Proof.
intros H. unfold row, tabulate. assert (K : forall k, In k (seq 0 n) -> cont (g k) (f k)) by (intros k Hk; apply in_seq in Hk; apply H; lia).
revert K. generalize (seq 0 n). induction l as [|k l IH]; simpl; constructor; auto.
Qed.
Lemma row_map n l f h g : row n l f -> (forall i x, cont i x -> cont (h i) (g x)) -> row n (map h l) (fun k => g (f k)).
Proof. unfold row. intros H K. induction H; simpl; constructor; auto. Qed.
Lemma row_ext n l f g : row n l f -> (forall k, f k = g k) -> row n l g.
Proof. unfold row. intros H E. induction H; constructor; [now rewrite <- E|easy]. Qed.
Lemma row_map2 n xs ys f g : row n xs f -> row n ys g -> row n (map2 (I.add p) xs ys) (fun k => f k + g k).
Proof.
unfold row. generalize (seq 0 n). intros l. revert xs ys. induction l as [|k l IH]; intros xs ys Hx Hy; inversion Hx; inversion Hy; subst; simpl; constructor.
- now apply cont_add.
- now apply IH.
Qed.
Lemma row_zeros n : row n (zeros n) (fun _ => 0).
Proof. apply row_tabulate. intros; apply cont_zero. Qed.
Lemma cont_dot n xs ys f g : row n xs f -> row n ys g -> cont (dot xs ys) (Sum (seq 0 n) (fun k => f k * g k)).
Proof.
unfold row, dot. rewrite <- (Rplus_0_l (Sum _ _)). assert (K := cont_zero). revert K xs ys. generalize I.zero, 0, (seq 0 n).
intros i r l. revert i r. induction l as [|k l IH]; intros i r K xs ys Hx Hy; inversion Hx; inversion Hy; subst; simpl.
- now rewrite Rplus_0_r.
- rewrite <- Rplus_assoc. apply IH; [|easy|easy]. apply cont_add; [easy|]. now apply cont_mul.
Qed.
Lemma table_tabulate n m g f : (forall a, (a < n)%nat -> row m (g a) (f a)) -> table n m (tabulate n g) f.
Proof. intros H a Ha. rewrite nth_tabulate by easy. now apply H. Qed.
Lemma table_products n m c xs ys f g : table n c xs f -> table m c ys g ->
  table n m (products n m xs ys) (fun i j => Sum (seq 0 c) (fun k => f i k * g j k)).
Proof. intros H K. apply table_tabulate. intros i Hi. apply row_tabulate. intros j Hj. apply cont_dot; auto. Qed.
Lemma table_weights n m t : table n m (weights n m t) (fun i j => real (t i j)).
Proof. apply table_tabulate. intros. apply row_tabulate. intros. apply cont_weight. Qed.
Lemma table_scaled V u A f : table V V A f -> table V V (scaled V u A) (fun a k => real (u a) * f a k).
Proof.
intros H. apply table_tabulate. intros a Ha. apply (row_map V _ (f a) _ (fun x => real (u a) * x)); [now apply H|].
intros i x Hx. apply cont_mul; [apply cont_weight|easy].
Qed.

Lemma table_logits V d E W U :
  table V V (logit_table V d E W U) (token_sum d (entry E) (entry W) (entry U)).
Proof.
unfold logit_table, token_sum. apply table_products; [|apply table_weights]. apply table_products; apply table_weights.
Qed.

Section Tables.
Variables (V : nat) (M : nat -> nat -> R) (logits : list (list T)) (s : list F.type).
Hypothesis HM : table V V logits M.
Definition shift_values (a : nat) : R := F.toR (nth a s F.zero).

Lemma table_deficits : table V V (deficit_table V logits s) (deficit M shift_values).
Proof.
apply table_tabulate. intros a Ha. apply (row_map V _ (M a) _ (fun x => shift_values a - x)); [auto|].
intros i x Hx. apply cont_sub; [apply cont_singleton|easy].
Qed.
Lemma table_shared deficits : table V V deficits (deficit M shift_values) ->
  table V V (shared_table V deficits) (shared M shift_values).
Proof.
intros H. apply table_tabulate. intros a Ha. apply (row_map V _ (deficit M shift_values a) _ (fun x => exp (- x))); [auto|].
intros i x Hx. now apply cont_exp, cont_neg.
Qed.
End Tables.

(** Comparisons say what they promise. *)
Lemma not_above_zero_correct i x : cont i x -> not_above_zero i = true -> x <= 0.
Proof.
intros K H. assert (L := I.subset_correct _ _ _ K H). revert L. unfold I.convert.
change I.F.valid_lb with F.valid_lb. change I.F.valid_ub with F.valid_ub. change I.F.toX with F.toX. rewrite F.zero_correct.
destruct (F.valid_lb F.nan && F.valid_ub F.zero)%bool; simpl; [tauto|]. intros [? ?]. lra.
Qed.
Lemma not_below_zero_correct i x : cont i x -> not_below_zero i = true -> 0 <= x.
Proof.
intros K H. assert (L := I.subset_correct _ _ _ K H). revert L. unfold I.convert.
change I.F.valid_lb with F.valid_lb. change I.F.valid_ub with F.valid_ub. change I.F.toX with F.toX. rewrite F.zero_correct.
destruct (F.valid_lb F.zero && F.valid_ub F.nan)%bool; simpl; [tauto|]. intros [? ?]. lra.
Qed.
Lemma below_zero_correct i x : cont i x -> below_zero i = true -> x < 0.
Proof.
intros K H. unfold below_zero in H. assert (L := I.sign_strict_correct i). destruct (I.sign_strict i); try easy.
specialize (L (Xreal x) K). simpl in L. tauto.
Qed.
Lemma shape_correct rows columns t : shape rows columns t = true -> has_shape rows columns t.
Proof.
unfold shape. intros [H K]%andb_true_iff. apply Nat.eqb_eq in H. split; [easy|].
apply Forall_forall. intros r Hr. rewrite forallb_forall in K. now apply Nat.eqb_eq, K.
Qed.
End Operations.
End Enclosures.
