(* A program that checks claims by symmetry@1, n = 2, in interval arithmetic over any number format, and the proof that it is right:
   what it accepts is true of the weights. *)
From Coq Require Import Reals Lra Lia List ZArith Arith Bool QArith Qreals.
From Interval.Float Require Import Basic Sig.
From Interval.Interval Require Import Interval Float Float_full.
From Proofmark Require Import Statement Sums Inputs Loss Symmetry Enclosures PairClaims.
Import ListNotations.
Open Scope R_scope.

Module SymmetryChecker (F : FloatOps with Definition sensible_format := true).
Module C := PairClaims F.
Import C.E C.

Section Program.
Variable p : F.precision.
Notation T := I.type.

Definition pair_Z (A : list (list T)) (y a : nat) : T := dot p (nth y A []) (nth a A []).
Definition label_terms_2 (D : list (list T)) (y : nat) : T :=
  I.add p (I.mul p (whole p 2) (add_up p (fun a => nth y (nth a D []) unknown) (seq 0 y)))
          (I.mul p (natural p (2 * S y)) (nth y (nth y D []) unknown)).
Definition label_loss_2 (A D : list (list T)) (y : nat) : T :=
  I.add p (I.add p (I.mul p (whole p 2) (log_sum p (pair_Z A y) (seq 0 y))) (I.ln p (pair_Z A y y))) (label_terms_2 D y).
Definition total_loss (V : nat) (M : list (list T)) : T :=
  let D := deficit_table p V M (shifts M) in
  let A := shared_table p V D in
  add_up p (label_loss_2 A D) (seq 0 V).

(* Pairs whose logits are decided: every other output's is below the label's. *)
Fixpoint all_below (sum : T) (y k : nat) (xs ys : list T) : bool :=
  match xs, ys with
  | x :: xs', x' :: ys' => ((k =? y)%nat || below_zero (I.sub p (I.add p x x') sum)) && all_below sum y (S k) xs' ys'
  | _, _ => true
  end.
Definition decided (M : list (list T)) (y a : nat) : bool :=
  let ry := nth y M [] in
  let ra := nth a M [] in
  all_below (I.add p (nth y ry unknown) (nth y ra unknown)) y 0 ry ra.
Definition check (V d : nat) (embedding linear unembedding : tensor) (claims : list claim) : bool :=
  (0 <? V)%nat && shape d V embedding && shape d d linear && shape V d unembedding &&
  let M := logit_table p V d embedding linear unembedding in
  let loss := total_loss V M in
  forallb (supports p V 2 loss loss (fun _ => pair_count V (decided M))) claims.
End Program.

Section Soundness.
Variable p : F.precision.
Variables (V : nat) (M : nat -> nat -> R) (logits : list (list I.type)).
Hypotheses (HV : (0 < V)%nat) (HM : table V V logits M).
Notation s := (shift_values (shifts logits)).
Notation D := (deficit_table p V logits (shifts logits)).
Notation A := (shared_table p V D).

Lemma cont_pair_Z y a : (y < V)%nat -> (a < V)%nat -> cont (pair_Z p A y a) (partition V M s [y; a]).
Proof.
intros Hy Ha.
assert (HA : table V V A (shared M s)) by apply table_shared, table_deficits, HM.
assert (K := cont_dot p V _ _ _ _ (HA y Hy) (HA a Ha)). unfold partition.
rewrite (Sum_ext _ _ (fun k => shared M s y k * shared M s a k)); [easy|]. intros k _. simpl. ring.
Qed.
Lemma cont_label_terms_2 y : (y < V)%nat -> cont (label_terms_2 p D y) (label_terms M s 2 y).
Proof.
intros Hy. assert (HD : table V V D (deficit M s)) by apply table_deficits, HM.
replace (label_terms M s 2 y) with (2 * Sum (seq 0 y) (fun a => deficit M s a y) + INR (2 * S y) * deficit M s y y).
- apply cont_add; apply cont_mul.
  + apply cont_whole.
  + apply cont_add_up. intros a Ha. apply in_seq in Ha. apply (row_nth V), HD. lia.
  + apply cont_natural.
  + now apply (row_nth V), HD.
- unfold label_terms, c_1, c_2. rewrite mult_INR, !S_INR. simpl. ring.
Qed.
Lemma cont_label_loss_2 y : (y < V)%nat -> cont (label_loss_2 p A D y) (Sum (of_label V 2 y) (loss V M)).
Proof.
intros Hy. rewrite (label_loss V M s) by (lia || easy).
rewrite (Sum_of_label_pairs V y (fun t => ln (partition V M s t))); [|intros t t' P; now rewrite (partition_perm V M s t t' P)|easy].
apply cont_add; [apply cont_add; [apply cont_mul|]|].
- apply cont_whole.
- apply cont_log_sum. intros a Ha. apply in_seq in Ha. split; [now apply partition_pos|]. apply cont_pair_Z; lia.
- apply cont_ln; [now apply partition_pos|]. now apply cont_pair_Z.
- now apply cont_label_terms_2.
Qed.
Lemma cont_total_loss : cont (total_loss p V logits) (Sum (inputs V 2) (loss V M)).
Proof.
rewrite Sum_labels by lia. apply cont_add_up. intros y Hy. apply in_seq in Hy. apply cont_label_loss_2. lia.
Qed.

Lemma all_below_correct sum total y f g : cont sum total -> forall n k xs ys,
  Forall2 (fun i k => cont i (f k)) xs (seq k n) -> Forall2 (fun i k => cont i (g k)) ys (seq k n) ->
  all_below p sum y k xs ys = true -> forall j, (k <= j < k + n)%nat -> j <> y -> f j + g j < total.
Proof.
intros Hs. induction n as [|n IH]; intros k xs ys Hx Hy; [lia|]. inversion Hx as [|x ? xs' ? Hx1 Hx2]; inversion Hy as [|x' ? ys' ? Hy1 Hy2]; subst. simpl.
intros [H K]%andb_true_iff j Hj Hne. destruct (Nat.eq_dec j k) as [->|]; [|apply (IH (S k) _ _ Hx2 Hy2 K j); lia].
destruct (Nat.eqb_spec k y); [easy|]. simpl in H.
enough (f k + g k - total < 0) by lra. apply (below_zero_correct (I.sub p (I.add p x x') sum)); [|easy].
apply cont_sub; [|easy]. now apply cont_add.
Qed.
Lemma decided_correct y a : (a <= y)%nat -> (y < V)%nat -> decided p logits y a = true -> correct V M [y; a] = true.
Proof.
intros Ha Hy H. apply correct_spec. assert (E : label [y; a] = y) by (simpl; lia). rewrite E. intros k Hk Hne.
unfold Statement.logits. simpl.
assert (K := all_below_correct _ (M y y + M a y) y (M y) (M a)
  (cont_add p _ _ _ _ (row_nth V _ _ y (HM y Hy)) (row_nth V _ _ y (HM a ltac:(lia)))) V 0 _ _ (HM y Hy) (HM a ltac:(lia)) H k ltac:(lia) Hne). lra.
Qed.

End Soundness.

Theorem check_sound p V d embedding linear unembedding claims :
  check p V d embedding linear unembedding claims = true -> claimed_of_weights V d 2 embedding linear unembedding claims.
Proof.
unfold check. intros [[[[HV HE]%andb_true_iff HW]%andb_true_iff HU]%andb_true_iff H]%andb_true_iff. apply Nat.ltb_lt in HV.
split; [now apply shape_correct|]. split; [now apply shape_correct|]. split; [now apply shape_correct|].
apply Forall_forall. intros c Hc.
rewrite forallb_forall in H. specialize (H c Hc). assert (HM := table_logits p V d embedding linear unembedding).
assert (L := cont_total_loss p V _ _ HV HM). revert H. apply supports_correct; [easy| |now apply above_cont|now apply below_cont].
apply pair_count_correct; [easy|]. intros y a Ha Hy. now apply decided_correct.
Qed.
End SymmetryChecker.
