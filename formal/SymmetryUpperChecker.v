(* A program that checks upper bounds of the loss by symmetry@1, n = 2, and the proof that it is right. It follows only upper ends of
   exponentials and of their inner products, one product of two numbers for each pair and output, and takes tokens one after the other
   from lists, so that the tutorial's V = 2048 is within reach. SymmetryChecker.v proves the other claims. *)
From Coq Require Import Reals Lra Lia List Permutation ZArith Arith Bool QArith Qreals.
From Interval.Real Require Import Xreal.
From Interval.Float Require Import Basic Sig.
From Interval.Interval Require Import Interval Float Float_full.
From Proofmark Require Import Statement Sums Inputs Loss Symmetry Enclosures PairClaims.
Import ListNotations.
Open Scope R_scope.

Module SymmetryUpperChecker (F : FloatOps with Definition sensible_format := true).
Module C := PairClaims F.
Import C.E C.

Section Program.
Variable p : F.precision.
Notation T := I.type.

Fixpoint upper_dot (sum : F.type) (xs ys : list F.type) : F.type :=
  match xs, ys with x :: xs', y :: ys' => upper_dot (F.add_UP p sum (F.mul_UP p x y)) xs' ys' | _, _ => sum end.
Definition upper_end (x : F.type) : T := if F.real x then I.singleton x else unknown.

(* of one token, h its row of E W: its rows of M, of D, and of the upper ends of A *)
Definition token_logits (unembedding : list (list T)) (h : list T) : list T := map (dot p h) unembedding.
Definition token_deficits (m : list T) : list T := let s := I.singleton (shift m) in map (fun i => I.sub p s i) m.
Definition token_shared (d : list T) : list F.type := map (fun i => I.upper (I.exp p (I.neg i))) d.
(* what a token contributes to the label terms of all labels: 2 (a+1) D[a,a] + 2 sum_{y>a} D[a,y] *)
Definition token_terms (a : nat) (d : list T) : T :=
  match skipn a d with
  | x :: r => I.mul p (whole p 2) (I.add p (I.mul p (natural p (S a)) x) (fold_left (I.add p) r I.zero))
  | [] => unknown
  end.
Definition label_logs (x : list F.type) (before : list (nat * list F.type)) : T :=
  let log_Z y := upper_end (upper_dot F.zero x y) in
  I.add p (I.mul p (whole p 2) (log_sum p (fun b => log_Z (snd b)) before)) (I.ln p (log_Z x)).
Fixpoint upper_loss (unembedding : list (list T)) (a : nat) (tokens : list (list T)) (before : list (nat * list F.type)) (sum : T) : T :=
  match tokens with
  | [] => sum
  | h :: rest =>
    let d := token_deficits (token_logits unembedding h) in
    let x := token_shared d in
    upper_loss unembedding (S a) rest ((a, x) :: before) (I.add p sum (I.add p (label_logs x before) (token_terms a d)))
  end.

Definition check_upper (V d : nat) (embedding linear unembedding : tensor) (claims : list claim) : bool :=
  (0 <? V)%nat && shape d V embedding && shape d d linear && shape V d unembedding &&
  let h := products p V d (weights p V d (fun a i => stored embedding i a)) (weights p d d (stored linear)) in
  let loss := upper_loss (weights p V d (stored unembedding)) 0 h [] I.zero in
  forallb (supports p V 2 loss unknown (fun _ => 0%Z)) claims.
End Program.

Section Soundness.
Variable p : F.precision.

(** Upper ends *)
Definition at_least (f : F.type) (x : R) : Prop := F.valid_ub f = true /\ le_upper (Xreal x) (F.toX f).

Lemma at_least_nonneg f x : 0 <= x -> at_least f x -> F.is_non_neg f.
Proof. intros Hx [H K]. split; [easy|]. revert K. simpl. destruct (F.toX f); simpl; [easy|lra]. Qed.
Lemma at_least_mul f g x y : 0 <= x -> 0 <= y -> at_least f x -> at_least g y -> at_least (F.mul_UP p f g) (x * y).
Proof.
intros Hx Hy Hf Hg. destruct (F.mul_UP_correct p f g) as [H K]; [left; eauto using at_least_nonneg|].
split; [easy|]. revert K. destruct Hf as [_ Hf], Hg as [_ Hg]. revert Hf Hg.
destruct (F.toX f), (F.toX g); simpl; destruct F.toX; simpl; try easy.
intros A B D. apply Rle_trans with (2 := D). now apply Rmult_le_compat.
Qed.
Lemma at_least_add f g x y : at_least f x -> at_least g y -> at_least (F.add_UP p f g) (x + y).
Proof.
intros [Vf Hf] [Vg Hg]. destruct (F.add_UP_correct p f g Vf Vg) as [H K]. split; [easy|]. revert K Hf Hg.
destruct (F.toX f), (F.toX g); simpl; destruct F.toX; simpl; try easy. intros; lra.
Qed.
Lemma at_least_zero : at_least F.zero 0.
Proof.
assert (H := F.zero_correct). split.
- rewrite F.valid_ub_correct. assert (K := F.classify_correct F.zero). rewrite F.real_correct, H in K. now destruct (F.classify F.zero).
- rewrite H. simpl. lra.
Qed.
Lemma at_least_upper i x : cont i x -> at_least (I.upper i) x.
Proof.
intros H. assert (N : not_empty (I.convert i)) by now exists x.
split; [now apply I.valid_ub_upper|]. change F.toX with I.F.toX. rewrite I.upper_correct by easy.
revert H. unfold cont, contains. destruct (I.convert i) as [|l u]; simpl; [easy|]. intros [_ H]. now destruct u.
Qed.
(* what [upper_end] contains for a number that is at least x *)
Definition upper_value (f : F.type) (x : R) : R := if F.real f then F.toR f else x.
Lemma upper_value_correct f x : at_least f x -> x <= upper_value f x /\ cont (upper_end f) (upper_value f x).
Proof.
intros [_ H]. unfold upper_value, upper_end. assert (K := cont_singleton f). revert K. unfold F.toR.
rewrite F.real_correct. destruct (F.toX f) as [|z]; simpl in *; intros K; [split; [lra|apply cont_unknown]|easy].
Qed.

Definition upper_row (n : nat) (l : list F.type) (f : nat -> R) : Prop := Forall2 (fun x k => at_least x (f k)) l (seq 0 n).
Lemma upper_dot_correct n xs ys f g : (forall k, 0 <= f k) -> (forall k, 0 <= g k) -> upper_row n xs f -> upper_row n ys g ->
  at_least (upper_dot p F.zero xs ys) (Sum (seq 0 n) (fun k => f k * g k)).
Proof.
intros Hf Hg. unfold upper_row. rewrite <- (Rplus_0_l (Sum _ _)). assert (K := at_least_zero). revert K xs ys. generalize F.zero, 0, (seq 0 n).
intros i r l. revert i r. induction l as [|k l IH]; intros i r K xs ys Hx Hy; inversion Hx; inversion Hy; subst; simpl.
- now rewrite Rplus_0_r.
- rewrite <- Rplus_assoc. apply IH; [|easy|easy]. apply at_least_add; [easy|]. now apply at_least_mul.
Qed.

Section Model.
Variables (V : nat) (M : nat -> nat -> R) (s : nat -> R) (unembedding : list (list I.type)).
Hypothesis HV : (0 < V)%nat.
Notation Z := (partition V M s).
Notation D := (deficit M s).
Notation A := (shared M s).

Definition fits (h : list I.type) (a : nat) : Prop :=
  row V (token_logits p unembedding h) (M a) /\ s a = F.toR (shift (token_logits p unembedding h)).

Lemma row_deficits m a : row V m (M a) -> s a = F.toR (shift m) -> row V (token_deficits p m) (D a).
Proof.
intros H E. unfold token_deficits, deficit. rewrite E. apply (row_map V _ (M a) _ (fun x => F.toR (shift m) - x)); [easy|].
intros i x Hx. apply cont_sub; [apply cont_singleton|easy].
Qed.
Lemma row_shared d a : row V d (D a) -> upper_row V (token_shared p d) (A a).
Proof.
unfold row, upper_row, token_shared. intros H. induction H; simpl; constructor; [|easy].
now apply at_least_upper, cont_exp, cont_neg.
Qed.
Lemma cont_fold_add (f : nat -> R) l : forall xs i r, Forall2 (fun i k => cont i (f k)) xs l -> cont i r -> cont (fold_left (I.add p) xs i) (r + Sum l f).
Proof.
induction l as [|k l IH]; intros xs i r H K; inversion H; subst; simpl; [now rewrite Rplus_0_r|].
rewrite <- Rplus_assoc. apply IH; [easy|]. now apply cont_add.
Qed.
Definition terms (a : nat) : R := 2 * (INR (S a) * D a a + Sum (seq (S a) (V - S a)) (D a)).
Lemma cont_terms d a : (a < V)%nat -> row V d (D a) -> cont (token_terms p a d) (terms a).
Proof.
intros Ha Hd. unfold token_terms, terms.
assert (H : Forall2 (fun i k => cont i (D a k)) (skipn a d) (a :: seq (S a) (V - S a))).
{ replace (a :: seq (S a) (V - S a)) with (skipn a (seq 0 V)).
  - generalize (D a) Hd. unfold row. clear. generalize (seq 0 V). intros l f H. revert a. induction H; intros [|a]; simpl; auto.
  - replace V with (a + S (V - S a))%nat at 1 by lia. rewrite seq_app, skipn_app, seq_length.
    rewrite skipn_all2 by (rewrite seq_length; lia). now rewrite Nat.sub_diag. }
inversion H as [|x ? r ? Hx Hr]; subst. apply cont_mul; [apply cont_whole|]. apply cont_add; [apply cont_mul; [apply cont_natural|easy]|].
rewrite <- (Rplus_0_l (Sum _ _)). apply cont_fold_add; [easy|apply cont_zero].
Qed.
(* the label terms, added up by token instead of by label *)
Lemma terms_label_terms : Sum (seq 0 V) terms = Sum (seq 0 V) (label_terms M s 2).
Proof.
unfold terms. clear HV.
assert (G : forall n, Sum (seq 0 n) (fun a => 2 * (INR (S a) * D a a + Sum (seq (S a) (n - S a)) (D a))) = Sum (seq 0 n) (label_terms M s 2)); [|easy].
induction n as [|n IH]; [easy|]. rewrite !seq_S, !Sum_app, <- IH. cbn [Sum]. rewrite Nat.sub_diag. change (seq (S n) 0) with (@nil nat). cbn [Sum].
rewrite (Sum_ext (seq 0 n) _ (fun a => 2 * (INR (S a) * D a a + Sum (seq (S a) (n - S a)) (D a)) + 2 * D a n)).
- rewrite Sum_plus, !Sum_scal. unfold label_terms, c_1, c_2. rewrite !S_INR. simpl. ring.
- intros a Ha. apply in_seq in Ha. replace (S n - S a)%nat with (S (n - S a)) by lia. rewrite seq_S, Sum_app.
  replace (S a + (n - S a))%nat with n by lia. simpl. ring.
Qed.

Definition logs (y : nat) : R := 2 * Sum (seq 0 y) (fun a => ln (Z [y; a])) + ln (Z [y; y]).
Lemma at_least_Z x y a b : upper_row V x (A a) -> upper_row V y (A b) -> at_least (upper_dot p F.zero x y) (Z [a; b]).
Proof.
intros Hx Hy. unfold partition. rewrite (Sum_ext _ _ (fun k => A a k * A b k)) by (intros; simpl; ring).
apply (upper_dot_correct V); try easy; intros; left; apply shared_pos.
Qed.
Definition known (before : list (nat * list F.type)) (a : nat) : Prop :=
  map fst before = rev (seq 0 a) /\ Forall (fun b => upper_row V (snd b) (A (fst b))) before.
Lemma above_logs x a before : upper_row V x (A a) -> known before a -> above (label_logs p x before) (logs a).
Proof.
intros Hx [Hl Hb]. rewrite Forall_forall in Hb. assert (P : forall t, 0 < Z t) by (intros; now apply partition_pos).
set (z y b := upper_value (upper_dot p F.zero x y) (Z [a; b])).
assert (K : forall y b, upper_row V y (A b) -> Z [a; b] <= z y b /\ cont (upper_end (upper_dot p F.zero x y)) (z y b)).
{ intros y b Hy. apply upper_value_correct. now apply at_least_Z. }
apply above_add.
- apply above_mul; [lra|apply cont_whole|]. exists (Sum before (fun b => ln (z (snd b) (fst b)))). split.
  + rewrite (Sum_perm _ (rev (seq 0 a))) by apply Permutation_rev. rewrite <- Hl, Sum_map. apply Sum_le. intros b H. apply ln_le_ln; [easy|]. now apply K, Hb.
  + apply cont_log_sum. intros b H. destruct (K _ _ (Hb b H)) as [K1 K2]. split; [|easy]. specialize (P [a; fst b]). lra.
- destruct (K _ _ Hx) as [K1 K2]. specialize (P [a; a]). exists (ln (z x a)). split; [now apply ln_le_ln|]. apply cont_ln; [lra|easy].
Qed.
Lemma above_loss : forall tokens n a before sum r, Forall2 fits tokens (seq a n) -> (a + n <= V)%nat -> known before a -> above sum r ->
  above (upper_loss p unembedding a tokens before sum) (r + Sum (seq a n) (fun y => logs y + terms y)).
Proof.
induction tokens as [|h tokens IH]; intros n a before sum r H Hn Hb Hs; destruct n as [|n]; inversion H; subst.
- simpl. now rewrite Rplus_0_r.
- simpl Sum. rewrite <- Rplus_assoc. match goal with K : fits h a |- _ => destruct K as [K1 K2] end.
  assert (Hd := row_deficits _ _ K1 K2). assert (Hx := row_shared _ _ Hd). simpl.
  apply IH; [easy|lia| |].
  + destruct Hb as [Hb1 Hb2]. split; [|now constructor]. simpl map. rewrite Hb1, seq_S, rev_app_distr. easy.
  + apply above_add; [easy|]. apply above_add; [now apply above_logs|]. apply above_cont, cont_terms; [lia|easy].
Qed.
Lemma total_loss_logs : Sum (inputs V 2) (loss V M) = Sum (seq 0 V) (fun y => logs y + terms y).
Proof.
rewrite Sum_plus, terms_label_terms, <- Sum_plus, Sum_labels by lia. apply Sum_ext. intros y Hy. apply in_seq in Hy.
rewrite (label_loss V M s) by lia. f_equal.
apply (Sum_of_label_pairs V y (fun t => ln (Z t))); [|lia]. intros t t' P. now rewrite (partition_perm V M s t t' P).
Qed.
End Model.

Theorem check_upper_sound V d embedding linear unembedding claims :
  check_upper p V d embedding linear unembedding claims = true -> claimed_of_weights V d 2 embedding linear unembedding claims.
Proof.
unfold check_upper. intros [[[[HV HE]%andb_true_iff HW]%andb_true_iff HU]%andb_true_iff H]%andb_true_iff. apply Nat.ltb_lt in HV.
split; [now apply shape_correct|]. split; [now apply shape_correct|]. split; [now apply shape_correct|].
apply Forall_forall. intros c Hc. rewrite forallb_forall in H. specialize (H c Hc). revert H.
set (h := products p V d _ _). set (us := weights p V d _).
set (M := token_sum d (entry embedding) (entry linear) (entry unembedding)).
set (s a := F.toR (shift (token_logits p us (nth a h [])))).
apply (supports_correct p V M); [easy|apply pos_INR| |].
- rewrite (total_loss_logs V M s) by easy. rewrite <- (Rplus_0_l (Sum _ _)).
  apply above_loss; [easy| |lia| |apply above_cont, cont_zero]; [|split; [easy|constructor]].
  assert (Hh : table V d h (fun a j => Sum (seq 0 d) (fun i => entry embedding i a * entry linear j i))).
  { apply (table_products p V d d); apply table_weights. }
  assert (Hu : Forall2 (fun u k => row d u (entry unembedding k)) us (seq 0 V)).
  { unfold us, weights, tabulate. generalize (seq 0 V). induction l; simpl; constructor; [|easy]. apply row_tabulate. intros; apply cont_weight. }
  assert (L : forall l, (forall a, In a l -> (a < V)%nat) -> Forall2 (fits V M s us) (map (fun a => nth a h []) l) l).
  { induction l as [|a l IH]; simpl; constructor; [|apply IH; auto]. split; [|easy]. unfold row, token_logits.
    assert (Ha := Hh a ltac:(auto)). revert Hu. generalize us, (seq 0 V). clear -Ha. intros us l Hu. induction Hu; simpl; constructor; [|easy].
    now apply (cont_dot p d). }
  replace h with (map (fun a => nth a h []) (seq 0 V)) at 1; [apply L; intros a Ha; apply in_seq in Ha; lia|].
  replace V with (length h) at 1 by (unfold h, products, tabulate; now rewrite map_length, seq_length). apply tabulate_nth.
- exists (Sum (inputs V 2) (loss V M)). split; [lra|apply cont_unknown].
Qed.
End Soundness.
End SymmetryUpperChecker.
