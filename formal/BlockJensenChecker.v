(* A program that checks claims by block-jensen@1, and the proof that it is right, whatever the witnesses are: the first token of each
   block, and the multipliers u_a. Accuracy follows from the loss of each block's labels (A8). *)
From Coq Require Import Reals Lra Lia List Permutation ZArith Arith Bool QArith Qreals.
From Interval.Float Require Import Basic Sig.
From Interval.Interval Require Import Interval Float Float_full.
From Proofmark Require Import Statement Sums Inputs Loss Symmetry BlockJensen Enclosures PairClaims SymmetryChecker.
Import ListNotations.
Open Scope R_scope.

Module BlockJensenChecker (F : FloatOps with Definition sensible_format := true).
Module S := SymmetryChecker F.
Import S.C.E S.C S.

Section Program.
Variable p : F.precision.
Notation T := I.type.
Variables (V : nat) (u : list dyadic).

(* Of the inputs of a range with this loss, at most [wrong] are not correct. *)
Definition at_most_wrong (loss : T) (wrong : Z) : bool :=
  below_zero (I.sub p loss (I.mul p (whole p (wrong + 1)) (I.ln p (whole p 2)))).
Fixpoint least_wrong (steps : nat) (loss : T) (low high : Z) : Z :=
  match steps with
  | O => high
  | S steps' =>
    let middle := ((low + high) / 2)%Z in
    if at_most_wrong loss middle then least_wrong steps' loss low middle else least_wrong steps' loss (middle + 1) high
  end.
Definition correct_by_loss (loss : T) (inputs : Z) : Z := (inputs - least_wrong (Z.to_nat (Z.log2 inputs + 1)) loss 0 inputs)%Z.

(* B_J, rows those of u_a A[a,k] *)
Definition block_row (rows : list (list T)) (J : list nat) : list T := fold_left (fun sum a => map2 (I.add p) sum (nth a rows [])) J (zeros V).
(* |I| |J| ln(B_I . B_J / (|I| |J|)) *)
Definition block_pairs (I J : nat * list T) : T :=
  let pairs := natural p (fst I * fst J) in I.mul p pairs (I.ln p (I.div p (dot p (snd I) (snd J)) pairs)).
(* [before]: size and row of each block before J = [from, to); [logs]: sums of ln u_a over the tokens before J, and over J *)
Definition block_loss (D : list (list T)) (before : list (nat * list T)) (J : nat * list T) (from to : nat) (logs : T * T) : T :=
  I.add p
    (I.sub p
      (I.sub p (I.add p (I.mul p (whole p 2) (add_up p (fun I => block_pairs I J) before)) (block_pairs J J))
        (I.mul p (natural p (2 * (to - from))) (fst logs)))
      (I.mul p (natural p (2 * to)) (snd logs)))
    (add_up p (label_terms_2 p D) (seq from (to - from))).
(* the loss of all inputs from above, and how many are correct *)
Fixpoint all_blocks (D rows : list (list T)) (starts : list nat) (before : list (nat * list T)) (logs sum : T) (correct_inputs : Z) : T * Z :=
  match starts with
  | [] => (sum, correct_inputs)
  | from :: rest =>
    let to := hd V rest in
    let tokens := seq from (to - from) in
    let J := ((to - from)%nat, block_row rows tokens) in
    let logs_J := add_up p (fun a => I.ln p (weight p (or_one u a))) tokens in
    let loss := block_loss D before J from to (logs, logs_J) in
    all_blocks D rows rest (J :: before) (I.add p logs logs_J) (I.add p sum loss)
      (correct_inputs + correct_by_loss loss (Z.of_nat to ^ 2 - Z.of_nat from ^ 2))
  end.

Fixpoint ascending (starts : list nat) : bool := match starts with [] => true | from :: rest => (from <? hd V rest)%nat && ascending rest end.

Definition check_block_jensen (starts : list nat) (d : nat) (embedding linear unembedding : tensor) (claims : list claim) : bool :=
  (0 <? V)%nat && shape d V embedding && shape d d linear && shape V d unembedding &&
  (hd V starts =? 0)%nat && ascending starts && positive V u &&
  let M := logit_table p V d embedding linear unembedding in
  let D := deficit_table p V M (shifts M) in
  let A := shared_table p V D in
  let all := all_blocks D (scaled p V (or_one u) A) starts [] I.zero I.zero 0 in
  forallb (supports p V 2 (fst all) unknown (fun _ => snd all)) claims.
End Program.

Section Soundness.
Variable p : F.precision.
Variables (V : nat) (M : nat -> nat -> R) (logits : list (list I.type)) (u : list dyadic).
Hypotheses (HV : (0 < V)%nat) (HM : table V V logits M) (Hu : positive V u = true).
Notation s := (shift_values (shifts logits)).
Notation D := (deficit_table p V logits (shifts logits)).
Notation A := (shared_table p V D).
Notation rows := (scaled p V (or_one u) A).
Notation ru a := (real (or_one u a)).
Notation B := (block_sum M s (fun a => ru a)).

(** Accuracy from loss *)
Notation one t := (if correct V M t then 1 else 0).
Lemma at_most_wrong_correct n from to loss_value loss_above wrong : Sum (range V n from to) (loss V M) <= loss_value ->
  cont loss_above loss_value -> at_most_wrong p loss_above wrong = true ->
  INR (length (filter (fun t => negb (correct V M t)) (range V n from to))) <= IZR wrong.
Proof.
intros Hl Hc H. apply (below_zero_correct _ (loss_value - IZR (wrong + 1) * ln 2)) in H.
- assert (K := accuracy_from_loss V M n from to HV). assert (L := ln2_pos). rewrite INR_IZR_INZ in *. apply IZR_le, Z.lt_succ_r, lt_IZR.
  unfold Z.succ. apply (Rmult_lt_reg_r (ln 2)); [easy|lra].
- apply cont_sub; [easy|]. apply cont_mul; [apply cont_whole|]. apply cont_ln; [lra|apply cont_whole].
Qed.
Lemma least_wrong_correct (P : Z -> Prop) loss : (forall w, at_most_wrong p loss w = true -> P w) ->
  forall steps low high, P high -> P (least_wrong p steps loss low high).
Proof. intros H. induction steps as [|steps IH]; intros low high Hh; simpl; [easy|]. destruct at_most_wrong eqn:E; apply IH; auto. Qed.
Lemma correct_by_loss_correct from to loss_value loss_above : (from <= to <= V)%nat -> Sum (range V 2 from to) (loss V M) <= loss_value ->
  cont loss_above loss_value ->
  IZR (correct_by_loss p loss_above (Z.of_nat to ^ 2 - Z.of_nat from ^ 2)) <= Sum (range V 2 from to) (fun t => one t).
Proof.
intros H Hl Hc. set (N := (Z.of_nat to ^ 2 - Z.of_nat from ^ 2)%Z).
assert (E : INR (length (range V 2 from to)) = IZR N).
{ rewrite <- Sum_one, Sum_range, !Sum_one by (easy || lia). rewrite !(proj1 (inputs_each_once _ 2)), !pow_INR. unfold N.
  now rewrite minus_IZR, !INR_IZR_INZ, !pow_IZR. }
set (wrong := INR (length (filter (fun t => negb (correct V M t)) (range V 2 from to)))).
assert (K : wrong <= IZR N - Sum (range V 2 from to) (fun t => one t)).
{ rewrite <- E, <- Sum_one, <- Sum_minus. unfold wrong. rewrite <- Sum_one, Sum_if. apply Sum_le. intros t _. destruct correct; simpl; lra. }
assert (K' : IZR N - Sum (range V 2 from to) (fun t => one t) <= wrong).
{ rewrite <- E, <- Sum_one, <- Sum_minus. unfold wrong. rewrite <- Sum_one, Sum_if. apply Sum_le. intros t _. destruct correct; simpl; lra. }
assert (W : wrong <= IZR (least_wrong p (Z.to_nat (Z.log2 N + 1)) loss_above 0 N)).
{ apply (least_wrong_correct (fun w => wrong <= IZR w)).
  - intros w. now apply (at_most_wrong_correct 2 from to loss_value).
  - assert (0 <= Sum (range V 2 from to) (fun t => one t)); [|lra]. apply Sum_nonneg. intros t _. destruct correct; lra. }
unfold correct_by_loss. rewrite minus_IZR. lra.
Qed.

(** Blocks *)
Lemma row_block J : (forall a, In a J -> (a < V)%nat) -> row V (block_row p V rows J) (B J).
Proof.
intros HJ. unfold block_row, block_sum.
assert (HA : table V V rows (fun a k => ru a * shared M s a k)) by apply table_scaled, table_shared, table_deficits, HM.
assert (G : forall f xs, row V xs f -> row V (fold_left (fun sum a => map2 (I.add p) sum (nth a rows [])) J xs)
  (fun k => f k + Sum J (fun a => ru a * shared M s a k))).
{ induction J as [|a J IH]; intros f xs Hx; simpl; [apply (row_ext V _ f); [easy|intros; ring]|].
  eapply row_ext; [apply IH; [auto with datatypes|apply row_map2; [exact Hx|apply HA; auto with datatypes]]|]. intros k. simpl. ring. }
eapply row_ext; [apply G, row_zeros|]. intros k. simpl. ring.
Qed.
Definition known (b : nat * list I.type) (J : list nat) : Prop := J <> [] /\ fst b = length J /\ row V (snd b) (B J).
Lemma cont_block_pairs bI bJ I J : known bI I -> known bJ J -> cont (block_pairs p bI bJ) (pairs_bound V M s (fun a => ru a) I J).
Proof.
intros (HI & EI & RI) (HJ & EJ & RJ). unfold block_pairs, pairs_bound. rewrite EI, EJ, <- mult_INR.
assert (P : 0 < INR (length I * length J)) by (apply lt_0_INR; destruct I, J; simpl; easy || lia).
assert (Q : 0 < inner V M s (fun a => ru a) I J).
{ unfold inner. apply Sum_pos; [now destruct V|]. intros k _. apply Rmult_lt_0_compat; (apply Sum_pos; [easy|]);
    intros a _; apply Rmult_lt_0_compat; (now apply (or_one_positive V)) || apply shared_pos. }
apply cont_mul; [apply cont_natural|]. apply cont_ln; [now apply Rdiv_lt_0_compat|]. apply cont_div; [lra| |apply cont_natural].
now apply (cont_dot p V).
Qed.
Definition block_value (before : list (list nat)) (from to : nat) : R :=
  let J := seq from (to - from) in
  2 * Sum before (fun I => pairs_bound V M s (fun a => ru a) I J) + pairs_bound V M s (fun a => ru a) J J
  - INR (2 * (to - from)) * Sum (seq 0 from) (fun a => ln (ru a)) - INR (2 * to) * Sum J (fun a => ln (ru a)) + Sum J (label_terms M s 2).
Lemma block_value_above before from to : (from < to <= V)%nat -> concat (rev before) = seq 0 from -> (forall I, In I before -> I <> []) ->
  Sum (range V 2 from to) (loss V M) <= block_value before from to.
Proof.
intros H Hc Hne.
assert (K := block_jensen V M s (fun a => ru a) HV (or_one_positive V u Hu) (rev before) from to H Hc ltac:(intros I HI; apply Hne; now apply in_rev)).
cbv zeta in K. eapply Rle_trans; [exact K|]. right. unfold block_value.
rewrite <- (Sum_perm before (rev before)) by apply Permutation_rev. rewrite !mult_INR, !seq_length.
replace (INR 2) with 2 by (simpl; ring). do 3 f_equal. f_equal.
- rewrite <- Sum_scal. apply Sum_ext. intros I _. unfold pairs_bound. rewrite seq_length. ring.
- unfold pairs_bound. rewrite seq_length. simpl. do 2 f_equal; [ring|f_equal; ring].
Qed.
Lemma cont_block_loss before bs from to logs : (from < to <= V)%nat -> Forall2 known before bs ->
  cont logs (Sum (seq 0 from) (fun a => ln (ru a))) ->
  cont (block_loss p D before ((to - from)%nat, block_row p V rows (seq from (to - from))) from to
         (logs, add_up p (fun a => I.ln p (weight p (or_one u a))) (seq from (to - from)))) (block_value bs from to).
Proof.
intros H Hb Hl. unfold block_loss, block_value. cbn [fst snd]. set (J := seq from (to - from)).
assert (HJ : forall a, In a J -> (a < V)%nat) by (intros a Ha; apply in_seq in Ha; lia).
assert (KJ : known ((to - from)%nat, block_row p V rows J) J).
{ split; [|split; [simpl; unfold J; now rewrite seq_length|now apply row_block]]. unfold J. replace (to - from)%nat with (S (to - from - 1)) by lia. easy. }
apply cont_add; [apply cont_sub; [apply cont_sub; [apply cont_add|]|]|].
- apply cont_mul; [apply cont_whole|]. unfold add_up. rewrite <- (Rplus_0_l (Sum bs _)). assert (K0 := cont_zero). revert K0. generalize I.zero, 0.
  induction Hb as [|b I before bs Hk Hb IH]; simpl; intros i r K0; [now rewrite Rplus_0_r|].
  rewrite <- Rplus_assoc. apply IH. apply cont_add; [easy|]. now apply cont_block_pairs.
- now apply cont_block_pairs.
- apply cont_mul; [apply cont_natural|easy].
- apply cont_mul; [apply cont_natural|]. apply cont_add_up. intros a _. apply cont_ln; [now apply (or_one_positive V)|apply cont_weight].
- apply cont_add_up. intros y Hy. apply cont_label_terms_2; [easy|easy|now apply HJ].
Qed.

Lemma ascending_le starts : ascending V starts = true -> (hd V starts <= V)%nat.
Proof.
induction starts as [|from rest IH]; simpl; [lia|]. intros [H K]%andb_true_iff. apply Nat.ltb_lt in H. specialize (IH K). lia.
Qed.
Lemma Sum_ranges f from to : (from <= to <= V)%nat -> Sum (range V 2 0 from) f + Sum (range V 2 from to) f = Sum (range V 2 0 to) f.
Proof. intros H. rewrite !Sum_range by lia. ring. Qed.
Lemma all_blocks_correct starts : ascending V starts = true -> forall before bs logs sum count,
  Forall2 known before bs -> concat (rev bs) = seq 0 (hd V starts) -> (forall I, In I bs -> I <> []) ->
  cont logs (Sum (seq 0 (hd V starts)) (fun a => ln (ru a))) -> above sum (Sum (range V 2 0 (hd V starts)) (loss V M)) ->
  IZR count <= Sum (range V 2 0 (hd V starts)) (fun t => one t) ->
  let all := all_blocks p V u D rows starts before logs sum count in
  above (fst all) (Sum (range V 2 0 V) (loss V M)) /\ IZR (snd all) <= Sum (range V 2 0 V) (fun t => one t).
Proof.
induction starts as [|from rest IH]; intros Ha before bs logs sum count Hb Hc Hne Hl Hs Hn; simpl; [easy|].
simpl in Ha, Hc, Hl, Hs, Hn. apply andb_true_iff in Ha as [H Ha]. apply Nat.ltb_lt in H. assert (Hle := ascending_le rest Ha).
set (to := hd V rest) in *. assert (HJ : seq 0 from ++ seq from (to - from) = seq 0 to).
{ replace to with (from + (to - from))%nat at 2 by lia. now rewrite seq_app. }
assert (C := cont_block_loss before bs from to logs ltac:(lia) Hb Hl). assert (L := block_value_above bs from to ltac:(lia) Hc Hne).
apply (IH Ha _ (seq from (to - from) :: bs)); fold to.
- constructor; [|easy]. split; [replace (to - from)%nat with (S (to - from - 1)) by lia; easy|]. split; [now rewrite seq_length|].
  apply row_block. intros a Hin. apply in_seq in Hin. lia.
- simpl. rewrite concat_app, Hc. simpl. now rewrite app_nil_r.
- intros I [<-|HI]; [|auto]. replace (to - from)%nat with (S (to - from - 1)) by lia. easy.
- rewrite <- HJ, Sum_app. apply cont_add; [easy|]. apply cont_add_up. intros a _. apply cont_ln; [now apply (or_one_positive V)|apply cont_weight].
- rewrite <- (Sum_ranges _ from to) by lia. apply above_add; [easy|]. now exists (block_value bs from to).
- rewrite plus_IZR, <- (Sum_ranges _ from to) by lia. apply Rplus_le_compat; [easy|].
  apply (correct_by_loss_correct from to (block_value bs from to)); [lia|easy|easy].
Qed.
End Soundness.

Theorem check_block_jensen_sound p u starts V d embedding linear unembedding claims :
  check_block_jensen p V u starts d embedding linear unembedding claims = true -> claimed_of_weights V d 2 embedding linear unembedding claims.
Proof.
unfold check_block_jensen.
intros [[[[[[[HV HE]%andb_true_iff HW]%andb_true_iff HU]%andb_true_iff H0]%andb_true_iff Ha]%andb_true_iff Hu]%andb_true_iff H]%andb_true_iff.
apply Nat.ltb_lt in HV. apply Nat.eqb_eq in H0. split; [now apply shape_correct|]. split; [now apply shape_correct|]. split; [now apply shape_correct|].
apply Forall_forall. intros c Hc. rewrite forallb_forall in H. specialize (H c Hc).
assert (HM := table_logits p V d embedding linear unembedding). set (M := token_sum _ _ _ _) in *.
destruct (all_blocks_correct p V M _ u HV HM Hu starts Ha [] [] I.zero I.zero 0%Z) as [K1 K2].
- constructor.
- now rewrite H0.
- easy.
- rewrite H0. apply cont_zero.
- rewrite H0, Sum_range by lia. replace (_ - _) with 0 by ring. apply above_cont, cont_zero.
- rewrite H0, Sum_range by lia. lra.
- rewrite Sum_all in K1, K2 by lia. revert H. apply supports_correct; [easy| |exact K1|].
  + now rewrite <- Sum_one, Sum_if.
  + exists (Sum (inputs V 2) (loss V M)). split; [lra|apply cont_unknown].
Qed.
End BlockJensenChecker.
