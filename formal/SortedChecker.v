(* A program that checks claims by symmetry@1 for any context length n >= 1, one logarithm for each sorted input, and the proof that it
   is right. SymmetryChecker.v is faster for n = 2. *)
From Coq Require Import Reals Lra Lia List Permutation Factorial ZArith Arith Bool QArith Qreals.
From Interval.Float Require Import Basic Sig.
From Interval.Interval Require Import Interval Float Float_full.
From Proofmark Require Import Statement Sums Inputs Loss Orderings Enclosures PairClaims.
Import ListNotations.
Open Scope R_scope.

(* All sorted inputs of n tokens below V, each with the product of the factorials of its multiplicities. *)
Definition factorial (n : nat) : Z := fold_left (fun f i => f * Z.of_nat i)%Z (seq 1 n) 1%Z.
Fixpoint sorted_inputs (V n : nat) : list (Z * list nat) :=
  match V with
  | O => match n with O => [(1%Z, [])] | S _ => [] end
  | S V' => flat_map (fun j => map (fun b => (factorial j * fst b, repeat V' j ++ snd b)%Z) (sorted_inputs V' (n - j))) (seq 0 (S n))
  end.

Lemma factorial_correct n : IZR (factorial n) = INR (fact n).
Proof.
induction n as [|n IH]; [easy|]. assert (E : factorial (S n) = (factorial n * Z.of_nat (S n))%Z) by (unfold factorial; now rewrite seq_S, fold_left_app).
rewrite E, mult_IZR, IH, fact_simpl, mult_INR, (INR_IZR_INZ (S n)). ring.
Qed.
Lemma Sum_sorted_inputs V : forall n g,
  Sum (sorted_inputs V n) (fun b => g (IZR (fst b)) (snd b)) = Sum (sorted_below V n) (fun t => g (multiplicities V t) t).
Proof.
induction V as [|V IH]; intros n g.
- destruct n; simpl; [|easy]. unfold multiplicities. simpl. easy.
- cbn [sorted_inputs sorted_below]. rewrite !Sum_flat_map. apply Sum_ext. intros j _. rewrite !Sum_map. cbn [fst snd].
  rewrite (Sum_ext _ _ (fun b => g (INR (fact j) * IZR (fst b)) (repeat V j ++ snd b))) by (intros b _; now rewrite mult_IZR, factorial_correct).
  rewrite (IH (n - j)%nat (fun m t => g (INR (fact j) * m) (repeat V j ++ t))). apply Sum_ext. intros t Ht. apply sorted_below_spec1 in Ht as (_ & Hx & _). f_equal.
  rewrite multiplicities_S, multiplicities_app by lia. do 2 f_equal. rewrite count_occ_app, count_occ_repeat_eq by easy.
  rewrite (proj1 (count_occ_not_In Nat.eq_dec t V)); [now rewrite Nat.add_0_r|]. intros X. apply Hx in X. lia.
Qed.
(* A sum that does not depend on the order of tokens, over the sorted inputs *)
Lemma Sum_inputs_sorted V n f : perm_inv f ->
  Sum (inputs V n) f = Sum (sorted_inputs V n) (fun b => INR (fact n) / IZR (fst b) * f (snd b)).
Proof.
intros Hf. rewrite (Sum_sorted_inputs V n (fun m t => INR (fact n) / m * f t)), sum_sorted by easy.
apply Sum_ext. intros t Ht. apply sorted_below_spec1 in Ht as (<- & _). easy.
Qed.
Lemma sorted_inputs_spec V n b : In b (sorted_inputs V n) -> 0 < IZR (fst b) /\ length (snd b) = n /\ forall a, In a (snd b) -> (a < V)%nat.
Proof.
revert n b. induction V as [|V IH]; intros n b; cbn [sorted_inputs].
- destruct n; simpl; [|easy]. intros [<-|[]]. simpl. split; [lra|easy].
- intros H. apply in_flat_map in H as (j & Hj & H). apply in_seq in Hj. apply in_map_iff in H as (c & <- & H). apply IH in H as (H1 & H2 & H3).
  cbn [fst snd]. split; [|split].
  + rewrite mult_IZR, factorial_correct. apply Rmult_lt_0_compat; [apply INR_fact_lt_0|easy].
  + rewrite app_length, repeat_length. lia.
  + intros a [Ha|Ha]%in_app_or; [apply repeat_spec in Ha; lia|]. specialize (H3 a Ha). lia.
Qed.

Module SortedChecker (F : FloatOps with Definition sensible_format := true).
Module C := PairClaims F.
Import C.E C.

Section Program.
Variable p : F.precision.
Notation T := I.type.

(* entry by entry, the operation over the rows of the tokens of t *)
Definition combine (operation : T -> T -> T) (rows : list (list T)) (t : list nat) (empty : list T) : list T :=
  fold_left (fun z a => map2 operation z (nth a rows [])) t empty.
Definition input_loss (V : nat) (A D : list (list T)) (ones : list T) (t : list nat) : T :=
  let y := label t in
  I.add p (I.ln p (add_up p (fun i => i) (combine (I.mul p) A t ones))) (add_up p (fun a => nth y (nth a D []) unknown) t).
Definition orderings_of (n : nat) (b : Z * list nat) : T := I.div p (whole p (factorial n)) (whole p (fst b)).

Fixpoint others_below (sum : T) (y k : nat) (xs : list T) : bool :=
  match xs with x :: xs' => ((k =? y)%nat || below_zero (I.sub p x sum)) && others_below sum y (S k) xs' | [] => true end.
Definition decided (M : list (list T)) (zero : list T) (t : list nat) : bool :=
  let xs := combine (I.add p) M t zero in
  let y := label t in others_below (nth y xs unknown) y 0 xs.
Definition count_sorted (n : nat) (decided : list nat -> bool) (sorted : list (Z * list nat)) : Z :=
  fold_left (fun c b => if decided (snd b) then c + factorial n / fst b else c)%Z sorted 0%Z.

Definition check_sorted (V n d : nat) (embedding linear unembedding : tensor) (claims : list claim) : bool :=
  (0 <? V)%nat && (0 <? n)%nat && shape d V embedding && shape d d linear && shape V d unembedding &&
  let M := logit_table p V d embedding linear unembedding in
  let D := deficit_table p V M (shifts M) in
  let A := shared_table p V D in
  let ones := tabulate V (fun _ => whole p 1) in
  let sorted := sorted_inputs V n in
  let loss := add_up p (fun b => I.mul p (orderings_of n b) (input_loss V A D ones (snd b))) sorted in
  forallb (supports p V n loss loss (fun _ => count_sorted n (decided M (zeros V)) sorted)) claims.
End Program.

Section Soundness.
Variable p : F.precision.
Variables (V n : nat) (M : nat -> nat -> R) (logits : list (list I.type)).
Hypotheses (HV : (0 < V)%nat) (Hn : (0 < n)%nat) (HM : table V V logits M).
Notation s := (shift_values (shifts logits)).
Notation D := (deficit_table p V logits (shifts logits)).
Notation A := (shared_table p V D).
Notation ones := (tabulate V (fun _ => whole p 1)).

Lemma row_combine operation real_operation rows f :
  (forall i j x y, cont i x -> cont j y -> cont (operation i j) (real_operation x y)) -> table V V rows f ->
  forall t empty g, (forall a, In a t -> (a < V)%nat) -> row V empty g ->
  row V (combine operation rows t empty) (fun k => fold_left (fun z a => real_operation z (f a k)) t (g k)).
Proof.
intros Ho Hr. induction t as [|a t IH]; intros empty g Ht He; simpl; [easy|].
apply (IH _ (fun k => real_operation (g k) (f a k))); [auto with datatypes|].
assert (Ha := Hr a ltac:(auto with datatypes)). revert He Ha. unfold row. generalize (seq 0 V) empty (nth a rows []). clear -Ho.
intros l. induction l as [|k l IH]; intros xs ys Hx Hy; inversion Hx; inversion Hy; subst; simpl; constructor; auto.
Qed.
Lemma fold_mul t (f : nat -> R) : forall x, fold_left (fun z a => z * f a) t x = x * Prod t f.
Proof. induction t as [|a t IH]; intros x; simpl; [ring|]. rewrite IH. ring. Qed.
Lemma fold_add t (f : nat -> R) : forall x, fold_left (fun z a => z + f a) t x = x + Sum t f.
Proof. induction t as [|a t IH]; intros x; simpl; [ring|]. rewrite IH. ring. Qed.
Lemma cont_add_row xs l (f : nat -> R) : Forall2 (fun i k => cont i (f k)) xs l -> cont (add_up p (fun i => i) xs) (Sum l f).
Proof.
intros H. unfold add_up. rewrite <- (Rplus_0_l (Sum l f)). assert (K := cont_zero). revert K. generalize I.zero, 0.
induction H as [|i k xs l Hi H IH]; simpl; intros z r K; [now rewrite Rplus_0_r|]. rewrite <- Rplus_assoc. apply IH. now apply cont_add.
Qed.
Lemma cont_input_loss t : t <> [] -> (forall a, In a t -> (a < V)%nat) -> cont (input_loss p V A D ones t) (loss V M t).
Proof.
intros Hne Ht. assert (HD : table V V D (deficit M s)) by apply table_deficits, HM.
rewrite (loss_partition V M s) by easy. apply cont_add.
- apply cont_ln; [now apply partition_pos|]. unfold partition.
  apply (cont_add_row _ (seq 0 V) (fun k => Prod t (fun a => shared M s a k))).
  apply (row_ext V _ (fun k => fold_left (fun z a => z * shared M s a k) t 1)); [|intros k; rewrite fold_mul; ring].
  apply (row_combine _ Rmult); [intros; now apply cont_mul| |easy|].
  + apply table_shared, HD.
  + apply row_tabulate. intros k _. apply cont_whole.
- apply cont_add_up. intros a Ha. apply (row_nth V), HD. now apply Ht.
Qed.

Lemma others_below_correct sum total y f : cont sum total -> forall m k xs, Forall2 (fun i k => cont i (f k)) xs (seq k m) ->
  others_below p sum y k xs = true -> forall j, (k <= j < k + m)%nat -> j <> y -> f j < total.
Proof.
intros Hs. induction m as [|m IH]; intros k xs Hx; [lia|]. inversion Hx as [|x ? xs' ? Hx1 Hx2]; subst. simpl.
intros [H K]%andb_true_iff j Hj Hne. destruct (Nat.eq_dec j k) as [->|]; [|apply (IH (S k) _ Hx2 K j); lia].
destruct (Nat.eqb_spec k y); [easy|]. simpl in H. enough (f k - total < 0) by lra.
apply (below_zero_correct (I.sub p x sum)); [|easy]. now apply cont_sub.
Qed.
Lemma decided_correct t : t <> [] -> (forall a, In a t -> (a < V)%nat) -> decided p logits (zeros V) t = true -> correct V M t = true.
Proof.
intros Hne Ht H. apply correct_spec. intros k Hk Hky.
assert (R : row V (combine (I.add p) logits t (zeros V)) (fun k => Statement.logits M t k)).
{ apply (row_ext V _ (fun k => fold_left (fun z a => z + M a k) t 0)); [|intros j; rewrite fold_add; unfold Statement.logits; ring].
  apply (row_combine _ Rplus); [intros; now apply cont_add|easy|easy|apply row_zeros]. }
apply (others_below_correct _ (Statement.logits M t (label t)) (label t) (Statement.logits M t) (row_nth V _ _ _ R) V 0 _ R H); [lia|easy].
Qed.
Notation one t := (if correct V M t then 1 else 0).
Lemma count_sorted_correct : IZR (count_sorted n (decided p logits (zeros V)) (sorted_inputs V n)) <= INR (length (filter (correct V M) (inputs V n))).
Proof.
rewrite <- Sum_one, Sum_if, Sum_inputs_sorted.
2: { intros t t' P. replace (correct V M t') with (correct V M t); [easy|]. apply eq_true_iff_eq.
     rewrite !correct_spec. rewrite (label_perm t t' P). unfold Statement.logits.
     split; intros H k Hk Hne; specialize (H k Hk Hne); rewrite !(Sum_perm t t' _ P) in *; easy. }
unfold count_sorted.
assert (G : forall l c r, (forall b, In b l -> 0 < IZR (fst b) /\ length (snd b) = n /\ forall a, In a (snd b) -> (a < V)%nat) -> IZR c <= r ->
  IZR (fold_left (fun c b => if decided p logits (zeros V) (snd b) then c + factorial n / fst b else c)%Z l c)
  <= r + Sum l (fun b => INR (fact n) / IZR (fst b) * one (snd b))).
2: { rewrite <- (Rplus_0_l (Sum _ _)). apply G; [apply sorted_inputs_spec|lra]. }
induction l as [|b l IH]; intros c r H K; [simpl; lra|]. cbn [fold_left Sum].
destruct (H b (or_introl eq_refl)) as (H1 & H2 & H3). rewrite <- Rplus_assoc. apply IH; [auto with datatypes|].
assert (P : 0 < INR (fact n) / IZR (fst b)) by (apply Rdiv_lt_0_compat; [apply INR_fact_lt_0|easy]).
destruct decided eqn:E; [|destruct correct; lra]. rewrite (decided_correct (snd b)), plus_IZR, Rmult_1_r; [|intros X; rewrite X in H2; simpl in H2; lia|easy|easy].
apply Rplus_le_compat; [easy|]. rewrite <- factorial_correct. apply (Rmult_le_reg_r (IZR (fst b))); [easy|]. unfold Rdiv.
rewrite Rmult_assoc, Rinv_l, Rmult_1_r, <- mult_IZR by lra. apply IZR_le. rewrite Z.mul_comm. apply Z.mul_div_le. now apply lt_IZR.
Qed.
Lemma cont_all_loss : cont (add_up p (fun b => I.mul p (orderings_of p n b) (input_loss p V A D ones (snd b))) (sorted_inputs V n))
  (Sum (inputs V n) (loss V M)).
Proof.
rewrite Sum_inputs_sorted by apply loss_perm. apply cont_add_up. intros b Hb. apply sorted_inputs_spec in Hb as (H1 & H2 & H3).
apply cont_mul; [|apply cont_input_loss; [intros X; rewrite X in H2; simpl in H2; lia|easy]].
rewrite <- factorial_correct. apply cont_div; [lra|apply cont_whole|apply cont_whole].
Qed.
End Soundness.

Theorem check_sorted_sound p V n d embedding linear unembedding claims :
  check_sorted p V n d embedding linear unembedding claims = true -> claimed_of_weights V d n embedding linear unembedding claims.
Proof.
unfold check_sorted. intros [[[[[HV Hn]%andb_true_iff HE]%andb_true_iff HW]%andb_true_iff HU]%andb_true_iff H]%andb_true_iff.
apply Nat.ltb_lt in HV. apply Nat.ltb_lt in Hn. split; [now apply shape_correct|]. split; [now apply shape_correct|]. split; [now apply shape_correct|].
apply Forall_forall. intros c Hc. rewrite forallb_forall in H. specialize (H c Hc). assert (HM := table_logits p V d embedding linear unembedding).
assert (L := cont_all_loss p V n _ _ HV Hn HM). revert H.
apply supports_correct; [easy|now apply count_sorted_correct|now apply above_cont|now apply below_cont].
Qed.
End SortedChecker.
