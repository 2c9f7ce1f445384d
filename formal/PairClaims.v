(* What the checkers of n = 2 share: enclosures from one side, counting pairs, and comparing with claims. *)
From Coq Require Import Reals Lra Lia List ZArith Arith Bool QArith Qreals.
From Interval.Float Require Import Basic Sig.
From Interval.Interval Require Import Interval Float Float_full.
From Proofmark Require Import Statement Sums Inputs Loss Symmetry Enclosures.
Import ListNotations.
Open Scope R_scope.

(* Weights and multipliers of witnesses that must be positive; without one, 1. *)
Definition or_one (w : list dyadic) (a : nat) : dyadic := nth a w (1, 0)%Z.
Definition positive (V : nat) (w : list dyadic) : bool := (length w =? V)%nat && forallb (fun x => 0 <? fst x)%Z w.
Lemma or_one_positive V w : positive V w = true -> forall a, 0 < real (or_one w a).
Proof.
intros [_ H]%andb_true_iff a. rewrite forallb_forall in H. unfold real. apply Rmult_lt_0_compat; [|apply powerRZ_lt; lra].
apply IZR_lt. unfold or_one. destruct (nth_in_or_default a w (1, 0)%Z) as [Hin| ->]; [|easy]. now apply Z.ltb_lt, H.
Qed.

Module PairClaims (F : FloatOps with Definition sensible_format := true).
Module E := Enclosures F.
Import E.

(* The interval contains a number that is not below x, or not above it. *)
Definition above (i : I.type) (x : R) : Prop := exists x', x <= x' /\ cont i x'.
Definition below (i : I.type) (x : R) : Prop := exists x', x' <= x /\ cont i x'.

Section Program.
Variable p : F.precision.
Notation T := I.type.

(* A pair a < y stands for two inputs. *)
Definition pair_count (V : nat) (decided : nat -> nat -> bool) : Z :=
  fold_left (fun c y => fold_left (fun c a => if decided y a then c + 2 else c) (seq 0 y) (if decided y y then c + 1 else c))%Z (seq 0 V) 0%Z.
Definition supports (V n : nat) (upper lower : T) (correct_inputs : unit -> Z) (c : claim) : bool :=
  let inputs := (Z.of_nat V ^ Z.of_nat n)%Z in
  let bound b := I.mul p (ratio p b) (whole p inputs) in
  match c with
  | Loss_at_most b => not_above_zero (I.sub p upper (bound b))
  | Loss_at_least b => (Qnum b <=? 0)%Z || not_below_zero (I.sub p lower (bound b)) (* no loss is negative *)
  | Accuracy_at_least b => (Qnum b * inputs <=? correct_inputs tt * Zpos (Qden b))%Z
  end.

Lemma above_cont i x : cont i x -> above i x.
Proof. intros H. exists x. split; [lra|easy]. Qed.
Lemma below_cont i x : cont i x -> below i x.
Proof. intros H. exists x. split; [lra|easy]. Qed.
Lemma above_add i j x y : above i x -> above j y -> above (I.add p i j) (x + y).
Proof. intros (x' & Hx & Ci) (y' & Hy & Cj). exists (x' + y'). split; [lra|]. now apply cont_add. Qed.
Lemma below_add i j x y : below i x -> below j y -> below (I.add p i j) (x + y).
Proof. intros (x' & Hx & Ci) (y' & Hy & Cj). exists (x' + y'). split; [lra|]. now apply cont_add. Qed.
Lemma above_mul i j c x : 0 <= c -> cont i c -> above j x -> above (I.mul p i j) (c * x).
Proof. intros Hc Ci (x' & Hx & Cj). exists (c * x'). split; [now apply Rmult_le_compat_l|]. now apply cont_mul. Qed.
Lemma below_mul i j c x : 0 <= c -> cont i c -> below j x -> below (I.mul p i j) (c * x).
Proof. intros Hc Ci (x' & Hx & Cj). exists (c * x'). split; [now apply Rmult_le_compat_l|]. now apply cont_mul. Qed.
Lemma above_add_up {A} (g : A -> T) f l : (forall x, In x l -> above (g x) (f x)) -> above (add_up p g l) (Sum l f).
Proof.
intros H. unfold add_up. rewrite <- (Rplus_0_l (Sum l f)). assert (K := above_cont _ _ cont_zero). revert K. generalize I.zero, 0.
induction l as [|x l IH]; simpl; intros i r K; [now rewrite Rplus_0_r|].
rewrite <- Rplus_assoc. apply IH; [intros; apply H; now right|]. apply above_add; [easy|]. apply H. now left.
Qed.
Lemma below_add_up {A} (g : A -> T) f l : (forall x, In x l -> below (g x) (f x)) -> below (add_up p g l) (Sum l f).
Proof.
intros H. unfold add_up. rewrite <- (Rplus_0_l (Sum l f)). assert (K := below_cont _ _ cont_zero). revert K. generalize I.zero, 0.
induction l as [|x l IH]; simpl; intros i r K; [now rewrite Rplus_0_r|].
rewrite <- Rplus_assoc. apply IH; [intros; apply H; now right|]. apply below_add; [easy|]. apply H. now left.
Qed.
End Program.

Section Soundness.
Variables (p : F.precision) (V : nat) (M : nat -> nat -> R) (decided : nat -> nat -> bool).
Hypotheses (HV : (0 < V)%nat)
  (Hdecided : forall y a, (a <= y)%nat -> (y < V)%nat -> decided y a = true -> correct V M [y; a] = true).

Notation one t := (if correct V M t then 1 else 0).
Lemma pair_count_correct : IZR (pair_count V decided) <= INR (length (filter (correct V M) (inputs V 2))).
Proof.
rewrite <- Sum_one, Sum_if, Sum_pairs.
2: { intros t t' P. replace (correct V M t') with (correct V M t); [easy|]. apply eq_true_iff_eq.
     rewrite !correct_spec. rewrite (label_perm t t' P). unfold Statement.logits.
     split; intros H k Hk Hne; specialize (H k Hk Hne); rewrite !(Sum_perm t t' _ P) in *; easy. }
unfold pair_count.
assert (G1 : forall y l c r, (y < V)%nat -> (forall a, In a l -> (a < y)%nat) -> IZR c <= r ->
  IZR (fold_left (fun c a => if decided y a then c + 2 else c)%Z l c) <= r + 2 * Sum l (fun a => one [y; a])).
{ intros y l. induction l as [|a l IH]; simpl; intros c r Hy Hl Hc; [lra|].
  eapply Rle_trans; [apply (IH _ (r + 2 * one [y; a])); auto|lra].
  destruct (decided y a) eqn:E.
  - rewrite (Hdecided y a), plus_IZR by (easy || (specialize (Hl a); lia || (apply Nat.lt_le_incl, Hl; now left))). lra.
  - destruct correct; lra. }
assert (G2 : forall l c r, (forall y, In y l -> (y < V)%nat) -> IZR c <= r ->
  IZR (fold_left (fun c y => fold_left (fun c a => if decided y a then c + 2 else c) (seq 0 y) (if decided y y then c + 1 else c))%Z l c)
  <= r + Sum l (fun y => 2 * Sum (seq 0 y) (fun a => one [y; a]) + one [y; y])).
{ intros l. induction l as [|y l IH]; simpl; intros c r Hl Hc; [lra|].
  eapply Rle_trans; [apply (IH _ (r + (2 * Sum (seq 0 y) (fun a => one [y; a]) + one [y; y])))|lra].
  - auto.
  - rewrite (Rplus_comm (2 * _)), <- Rplus_assoc. apply G1; auto.
    + intros a Ha. apply in_seq in Ha. lia.
    + destruct (decided y y) eqn:E.
      * rewrite (Hdecided y y), plus_IZR by auto. lra.
      * destruct correct; lra. }
rewrite <- (Rplus_0_l (Sum _ _)). apply G2; [|lra]. intros y Hy. apply in_seq in Hy. lia.
Qed.

Lemma supports_correct n upper lower correct_inputs c : IZR (correct_inputs tt) <= INR (length (filter (correct V M) (inputs V n))) ->
  above upper (Sum (inputs V n) (loss V M)) -> below lower (Sum (inputs V n) (loss V M)) ->
  supports p V n upper lower correct_inputs c = true -> holds_of V n M c.
Proof.
assert (P : 0 < INR V ^ n) by (apply pow_lt; now apply lt_0_INR).
assert (E : IZR (Z.of_nat V ^ Z.of_nat n) = INR V ^ n) by (rewrite INR_IZR_INZ, pow_IZR; easy).
assert (B : forall b, cont (I.mul p (ratio p b) (whole p (Z.of_nat V ^ Z.of_nat n))) (Q2R b * INR V ^ n)).
{ intros b. rewrite <- E. apply cont_mul; [apply cont_ratio|apply cont_whole]. }
intros N (hi & Hhi & Chi) (lo & Hlo & Clo).
destruct c as [b|b|b]; cbn [supports holds_of]; intros H.
- apply (not_above_zero_correct _ _ (cont_sub p _ _ _ _ Chi (B b))) in H. unfold mean_loss.
  apply (Rmult_le_reg_r (INR V ^ n)); [easy|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
- apply orb_true_iff in H as [H|H].
  { apply Rle_ge, Rle_trans with 0.
    - unfold Q2R. apply Z.leb_le, IZR_le in H. assert (0 < / IZR (Zpos (Qden b))) by (apply Rinv_0_lt_compat; now apply IZR_lt). nra.
    - apply Rmult_le_pos; [|left; now apply Rinv_0_lt_compat]. apply Sum_nonneg. intros t Ht. now apply loss_nonneg, (label_lt V n). }
  apply (not_below_zero_correct _ _ (cont_sub p _ _ _ _ Clo (B b))) in H. unfold mean_loss. apply Rle_ge.
  apply (Rmult_le_reg_r (INR V ^ n)); [easy|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
- apply Z.leb_le, IZR_le in H. rewrite !mult_IZR, E in H. apply Rle_ge. unfold accuracy, Q2R.
  assert (Q : 0 < IZR (Zpos (Qden b))) by now apply IZR_lt.
  apply (Rmult_le_reg_r (INR V ^ n)); [easy|]. unfold Rdiv. rewrite (Rmult_assoc (INR (length _))), Rinv_l, Rmult_1_r by lra.
  apply (Rmult_le_reg_r (IZR (Zpos (Qden b)))); [easy|]. apply Rle_trans with (IZR (Qnum b) * INR V ^ n).
  + right. field. lra.
  + eapply Rle_trans; [exact H|]. apply Rmult_le_compat_r; lra.
Qed.
End Soundness.
End PairClaims.
