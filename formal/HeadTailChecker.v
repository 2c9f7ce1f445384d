(* A program that checks claims by head-tail@1, n = 2, one group of outputs, without column weights, with multipliers, and the proof
   that it is right, whatever the witnesses are. Heads, token and label multipliers are witnesses: lists of outputs, dyadic numbers. *)
From Coq Require Import Reals Lra Lia List Permutation ZArith Arith Bool QArith Qreals.
From Interval.Float Require Import Basic Sig.
From Interval.Interval Require Import Interval Float Float_full.
From Proofmark Require Import Statement Sums Inputs Loss Symmetry Holder HeadTail Enclosures PairClaims SymmetryChecker.
Import ListNotations.
Open Scope R_scope.

Module HeadTailChecker (F : FloatOps with Definition sensible_format := true).
Module S := SymmetryChecker F.
Import S.C.E S.C S.

Definition multiplier (u : list dyadic) (a : nat) : dyadic := nth a u (0, 0)%Z.
Definition in_head (heads : list (list nat)) (a k : nat) : bool := existsb (Nat.eqb k) (nth a heads []).
Definition head_union (heads : list (list nat)) (y a : nat) : list nat := nodup Nat.eq_dec (nth y heads [] ++ nth a heads []).

Section Program.
Variable p : F.precision.
Notation T := I.type.
Variables (V : nat) (heads : list (list nat)) (u v : list dyadic).

Definition tail_table (A : list (list T)) : list (list T) :=
  tabulate V (fun a => let r := nth a A [] in tabulate V (fun k => if in_head heads a k then I.zero else nth k r unknown)).
Definition norms (tails : list (list T)) : list T := map (fun r => I.sqrt p (dot p r r)) tails.
(* P[y,k] = sum_{a<y} u_a A[a,k] for y = 0 .. V *)
Fixpoint prefixes (rows : list (list T)) (sum : list T) : list (list T) :=
  sum :: match rows with [] => [] | r :: rest => prefixes rest (map2 (I.add p) sum r) end.
Definition total_2 (rows sums : list (list T)) (y : nat) : T :=
  dot p (nth y rows []) (map2 (I.add p) (nth y sums []) (nth (S y) sums [])).

(* at least ln z - m z for every z from L to U *)
Definition phi_above (L U m : T) : T :=
  let at_end z := I.sub p (I.ln p z) (I.mul p m z) in
  if not_below_zero (I.sub p (I.mul p m L) (whole p 1)) then at_end L
  else if not_above_zero (I.sub p (I.mul p m U) (whole p 1)) then at_end U
  else if below_zero (I.neg m) then I.sub p (I.neg (I.ln p m)) (whole p 1) else unknown.

Definition pair_lower (A : list (list T)) (y a : nat) : T :=
  let ry := nth y A [] in
  let ra := nth a A [] in
  add_up p (fun k => I.mul p (nth k ry unknown) (nth k ra unknown)) (head_union heads y a).
Definition pair_upper (L : T) (norm : list T) (y a : nat) : T := I.add p L (I.mul p (nth a norm unknown) (nth y norm unknown)).
Definition pair_phi (A : list (list T)) (norm : list T) (y a : nat) : T :=
  let L := pair_lower A y a in
  let m := I.mul p (weight p (multiplier v y)) (I.mul p (weight p (multiplier u y)) (weight p (multiplier u a))) in
  phi_above L (pair_upper L norm y a) m.

Definition label_above (A D rows sums : list (list T)) (norm : list T) (y : nat) : T :=
  I.add p (I.add p (I.mul p (weight p (multiplier v y)) (total_2 rows sums y))
    (I.add p (I.mul p (whole p 2) (add_up p (pair_phi A norm y) (seq 0 y))) (pair_phi A norm y y))) (label_terms_2 p D y).
Definition label_below (A D : list (list T)) (y : nat) : T :=
  I.add p (I.add p (I.mul p (whole p 2) (log_sum p (pair_lower A y) (seq 0 y))) (I.ln p (pair_lower A y y))) (label_terms_2 p D y).
(* U < 2 A[a,y] A[y,y]: the label has more than half of the probability *)
Definition half (A : list (list T)) (norm : list T) (y a : nat) : bool :=
  below_zero (I.sub p (pair_upper (pair_lower A y a) norm y a)
    (I.mul p (whole p 2) (I.mul p (nth y (nth y A []) unknown) (nth y (nth a A []) unknown)))).

Definition heads_fit : bool :=
  (length heads =? V)%nat && forallb (fun h => negb (length h =? 0)%nat && forallb (fun k => k <? V)%nat h) heads.
Definition not_negative (w : list dyadic) : bool := (length w =? V)%nat && forallb (fun x => 0 <=? fst x)%Z w.

Definition check_head_tail (d : nat) (embedding linear unembedding : tensor) (claims : list claim) : bool :=
  (0 <? V)%nat && shape d V embedding && shape d d linear && shape V d unembedding &&
  heads_fit && not_negative u && not_negative v &&
  let M := logit_table p V d embedding linear unembedding in
  let D := deficit_table p V M (shifts M) in
  let A := shared_table p V D in
  let norm := norms (tail_table A) in
  let rows := scaled p V (multiplier u) A in
  let sums := prefixes rows (zeros V) in
  let upper := add_up p (label_above A D rows sums norm) (seq 0 V) in
  let lower := add_up p (label_below A D) (seq 0 V) in
  forallb (supports p V upper lower (fun _ => pair_count V (half A norm))) claims.
End Program.

Section Soundness.
Variable p : F.precision.
Variables (V : nat) (M : nat -> nat -> R) (logits : list (list I.type)) (heads : list (list nat)) (u v : list dyadic).
Hypotheses (HV : (0 < V)%nat) (HM : table V V logits M).
Hypotheses (Hheads : heads_fit V heads = true) (Hu : not_negative V u = true) (Hv : not_negative V v = true).
Notation s := (shift_values (shifts logits)).
Notation D := (deficit_table p V logits (shifts logits)).
Notation A := (shared_table p V D).
Notation a_ := (shared M s).
Notation Z := (partition V M s).
Notation tails := (tail_table V heads A).
Notation norm := (norms p tails).
Notation head := (in_head heads).
Notation ru a := (real (multiplier u a)).
Notation rv a := (real (multiplier v a)).

Lemma HA : table V V A a_.
Proof. apply table_shared, table_deficits, HM. Qed.

Lemma real_nonneg w a : not_negative V w = true -> 0 <= real (multiplier w a).
Proof.
intros [_ H]%andb_true_iff. rewrite forallb_forall in H. unfold real, multiplier.
apply Rmult_le_pos; [|left; apply powerRZ_lt; lra]. apply IZR_le.
destruct (nth_in_or_default a w (0, 0)%Z) as [Hin| ->]; [|easy]. now apply Z.leb_le, H.
Qed.
Lemma head_entries a : (a < V)%nat -> nth a heads [] <> [] /\ forall k, In k (nth a heads []) -> (k < V)%nat.
Proof.
intros Ha. apply andb_true_iff in Hheads as [Hl H]. apply Nat.eqb_eq in Hl. rewrite forallb_forall in H.
assert (I0 : In (nth a heads []) heads) by (apply nth_In; lia). specialize (H _ I0). apply andb_true_iff in H as [H1 H2]. split.
- intros E. now rewrite E in H1.
- intros k Hk. rewrite forallb_forall in H2. now apply Nat.ltb_lt, H2.
Qed.
Lemma in_head_In a k : head a k = true <-> In k (nth a heads []).
Proof.
unfold in_head. rewrite existsb_exists. split.
- intros (x & Hx & E). apply Nat.eqb_eq in E. now subst.
- intros H. exists k. now rewrite Nat.eqb_refl.
Qed.

Lemma table_tails : table V V tails (tail_part M s head).
Proof.
apply table_tabulate. intros a Ha. apply row_tabulate. intros k Hk. unfold tail_part.
destruct (head a k); [apply cont_zero|]. apply (row_nth V), HA. easy.
Qed.
Definition norm_of (a : nat) : R := sqrt (Sum (seq 0 V) (fun k => tail_part M s head a k * tail_part M s head a k)).
Lemma cont_norm a : (a < V)%nat -> cont (nth a norm unknown) (norm_of a).
Proof.
intros Ha. unfold norms. assert (K : table V V tails (tail_part M s head)) by apply table_tails.
assert (L : length tails = V) by (unfold tail_table, tabulate; now rewrite map_length, seq_length).
rewrite (nth_indep _ unknown (I.sqrt p (dot p [] []))) by (rewrite map_length; lia).
rewrite (map_nth (fun r => I.sqrt p (dot p r r))). apply cont_sqrt, (cont_dot p V); auto.
Qed.

Lemma cont_pair_lower y a : (y < V)%nat -> (a < V)%nat -> cont (pair_lower p heads A y a) (lower V M s head [y; a]).
Proof.
intros Hy Ha. unfold lower. rewrite (Sum_perm _ (head_union heads y a)).
- unfold pair_lower. rewrite (Sum_ext _ _ (fun k => a_ y k * a_ a k)) by (intros; simpl; ring).
  apply cont_add_up. intros k Hk. assert (k < V)%nat.
  { apply nodup_In, in_app_or in Hk as [Hk|Hk]; [apply (proj2 (head_entries y Hy))|apply (proj2 (head_entries a Ha))]; easy. }
  apply cont_mul; apply (row_nth V), HA; easy.
- apply NoDup_Permutation; [apply NoDup_filter, seq_NoDup|apply NoDup_nodup|]. intros k. rewrite filter_In, in_seq.
  unfold head_union. rewrite nodup_In, in_app_iff, <- !in_head_In. unfold in_heads. simpl. rewrite orb_false_r, orb_true_iff.
  split; [easy|]. intros H. split; [|easy]. rewrite !in_head_In in H. split; [lia|].
  destruct H as [H|H]; [apply (proj2 (head_entries y Hy))|apply (proj2 (head_entries a Ha))]; easy.
Qed.

Definition one_group : list (list nat) := [seq 0 V].
Notation up := (upper V M s head one_group (fun _ => 1)).
Lemma encloses y a : lower V M s head [y; a] <= Z [y; a] <= up [y; a].
Proof.
apply heads_enclose; try easy; try (intros; lra). unfold one_group. simpl. rewrite app_nil_r. apply Permutation_refl.
Qed.
Lemma cont_pair_upper y a : (y < V)%nat -> (a < V)%nat ->
  cont (pair_upper p (pair_lower p heads A y a) norm y a) (up [y; a]).
Proof.
intros Hy Ha. apply cont_add; [now apply cont_pair_lower|]. simpl. rewrite Rplus_0_r, !root_sqrt.
- rewrite (Sum_ext _ (fun k => tail_part M s head a k ^ 2 * 1) (fun k => tail_part M s head a k * tail_part M s head a k)) by (intros; ring).
  rewrite (Sum_ext _ (fun k => tail_part M s head y k ^ 2 / 1) (fun k => tail_part M s head y k * tail_part M s head y k)) by (intros; field).
  apply cont_mul; now apply cont_norm.
- apply Sum_nonneg. intros k _. assert (H := tail_part_nonneg M s head y k). unfold Rdiv. rewrite Rinv_1. nra.
- apply Sum_nonneg. intros k _. assert (H := tail_part_nonneg M s head a k). nra.
Qed.
Lemma lower_positive y a : (y < V)%nat -> 0 < lower V M s head [y; a].
Proof.
intros Hy. apply lower_pos; [easy|]. destruct (head_entries y Hy) as [H1 H2]. destruct (nth y heads []) as [|k h] eqn:E; [easy|].
exists y, k. split; [now left|]. split; [apply H2; now left|]. apply in_head_In. rewrite E. now left.
Qed.

Lemma phi_above_correct L U m l b x z : cont L l -> cont U b -> cont m x -> 0 <= x -> 0 < l -> l <= z <= b ->
  above (phi_above p L U m) (ln z - x * z).
Proof.
intros HL HU Hm Hx Hl Hz. unfold phi_above. assert (P := phi_max l b x z Hx ltac:(lra) Hz). unfold phi, z_star in P.
assert (C : forall i r, 0 < r -> cont i r -> cont (I.sub p (I.ln p i) (I.mul p m i)) (ln r - x * r)).
{ intros i r Hr Hi. apply cont_sub; [now apply cont_ln|now apply cont_mul]. }
destruct (not_below_zero _) eqn:E1; [|destruct (not_above_zero _) eqn:E2; [|destruct (below_zero _) eqn:E3]].
- apply (not_below_zero_correct _ (x * l - 1)) in E1; [|apply cont_sub; [now apply cont_mul|apply cont_whole]].
  destruct Rle_dec; [|lra]. exists (ln l - x * l). split; [easy|]. now apply C.
- apply (not_above_zero_correct _ (x * b - 1)) in E2; [|apply cont_sub; [now apply cont_mul|apply cont_whole]].
  exists (ln b - x * b). split; [|apply C; [lra|easy]].
  destruct (Rle_dec 1 (x * l)).
  + replace b with l by nra. easy.
  + destruct Rle_dec; lra.
- apply (below_zero_correct _ (- x)) in E3; [|now apply cont_neg].
  exists (- ln x - 1). split; [|apply cont_sub; [apply cont_neg, cont_ln; [lra|easy]|apply cont_whole]].
  assert (Q := ln_le_sub1 (x * z) ltac:(nra)). rewrite ln_mult in Q by lra. lra.
- apply above_cont, cont_unknown.
Qed.
Notation m_ t := (rv (label t) * Prod t (fun a => ru a)).
Lemma above_pair_phi y a : (a <= y)%nat -> (y < V)%nat ->
  above (pair_phi p heads u v A norm y a) (ln (Z [y; a]) - rv y * (ru y * ru a) * Z [y; a]).
Proof.
intros Ha Hy. apply (phi_above_correct _ _ _ (lower V M s head [y; a]) (up [y; a])).
- apply cont_pair_lower; lia.
- apply cont_pair_upper; lia.
- apply cont_mul; [apply cont_weight|apply cont_mul; apply cont_weight].
- apply Rmult_le_pos; [|apply Rmult_le_pos]; now apply real_nonneg.
- now apply lower_positive.
- apply encloses.
Qed.

(* Totals *)
Lemma prefixes_correct rows : forall f sum g y, (forall i, (i < length rows)%nat -> row V (nth i rows []) (f i)) -> row V sum g ->
  (y <= length rows)%nat -> row V (nth y (prefixes p rows sum) []) (fun k => g k + Sum (seq 0 y) (fun i => f i k)).
Proof.
induction rows as [|r rows IH]; intros f sum g y Hr Hs Hy; simpl in Hy.
- replace y with 0%nat by lia. simpl. apply (row_ext V _ g); [easy|]. intros; simpl; ring.
- destruct y as [|y]; [simpl; apply (row_ext V _ g); [easy|]; intros; simpl; ring|]. simpl nth.
  apply (row_ext V _ (fun k => g k + f 0%nat k + Sum (seq 0 y) (fun i => f (S i) k))).
  + apply (IH (fun i => f (S i)) _ (fun k => g k + f 0%nat k)); [|apply row_map2; [easy|apply (Hr 0%nat); simpl; lia]|lia].
    intros i Hi. apply (Hr (S i)). simpl. lia.
  + intros k. simpl. rewrite <- seq_shift, Sum_map. ring.
Qed.
Notation rows := (scaled p V (multiplier u) A).
Notation sums := (prefixes p rows (zeros V)).
Lemma table_rows : table V V rows (fun a k => ru a * a_ a k).
Proof. apply table_scaled, HA. Qed.
Lemma row_sums y : (y <= V)%nat -> row V (nth y sums []) (P M s (fun a => ru a) y).
Proof.
intros Hy. assert (L : length rows = V) by (unfold scaled, tabulate; now rewrite map_length, seq_length).
apply (row_ext V _ (fun k => 0 + Sum (seq 0 y) (fun a => ru a * a_ a k))); [|intros; unfold P; ring].
apply prefixes_correct; [| |lia].
- rewrite L. intros i Hi. now apply table_rows.
- apply row_zeros.
Qed.
Lemma cont_total_2 y : (y < V)%nat -> cont (total_2 p rows sums y) (total V M s (fun a => ru a) 2 y).
Proof.
intros Hy. unfold total. rewrite (Sum_ext _ _ (fun k => ru y * a_ y k * (P M s (fun a => ru a) y k + P M s (fun a => ru a) (S y) k))).
- apply cont_dot; [now apply table_rows|]. apply row_map2; apply row_sums; lia.
- intros k _. assert (E : P M s (fun a => ru a) (S y) k = P M s (fun a => ru a) y k + ru y * a_ y k).
  { unfold P. rewrite seq_S, Sum_app. simpl. ring. }
  rewrite E. ring.
Qed.

Lemma perm_ln : perm_inv (fun t => ln (Z t)).
Proof. intros t t' Pm. now rewrite (partition_perm V M s t t' Pm). Qed.
Lemma above_label y : (y < V)%nat -> above (label_above p heads u v A D rows sums norm y) (Sum (of_label V 2 y) (loss V M)).
Proof.
intros Hy. rewrite (label_loss V M s) by (lia || easy). rewrite (Sum_of_label_pairs V y _ perm_ln) by easy.
set (h a := ln (Z [y; a]) - rv y * (ru y * ru a) * Z [y; a]).
replace (2 * Sum (seq 0 y) (fun a => ln (Z [y; a])) + ln (Z [y; y]))
  with (rv y * total V M s (fun a => ru a) 2 y + (2 * Sum (seq 0 y) h + h y)).
- apply above_add; [|now apply above_cont, cont_label_terms_2]. apply above_add.
  + apply above_cont, cont_mul; [apply cont_weight|now apply cont_total_2].
  + apply above_add; [apply above_mul; [lra|apply cont_whole|]|now apply above_pair_phi].
    apply above_add_up. intros a Ha. apply in_seq in Ha. apply above_pair_phi; lia.
- rewrite <- totals by lia. rewrite (Sum_of_label_pairs V y (fun t => Prod t (fun a => ru a) * Z t)); [|intros t t' Pm|easy].
  + unfold h. rewrite Sum_minus, (Sum_ext _ (fun a => rv y * (ru y * ru a) * Z [y; a]) (fun a => rv y * (Prod [y; a] (fun a => ru a) * Z [y; a])))
      by (intros; simpl; ring). rewrite Sum_scal. simpl. ring.
  + now rewrite (partition_perm V M s t t' Pm), (Prod_perm t t' _ Pm).
Qed.
Lemma below_label y : (y < V)%nat -> below (label_below p heads A D y) (Sum (of_label V 2 y) (loss V M)).
Proof.
intros Hy. rewrite (label_loss V M s) by (lia || easy). rewrite (Sum_of_label_pairs V y _ perm_ln) by easy.
assert (B : forall a, (a <= y)%nat -> ln (lower V M s head [y; a]) <= ln (Z [y; a])).
{ intros a _. apply ln_le_ln; [now apply lower_positive|apply encloses]. }
apply below_add; [|now apply below_cont, cont_label_terms_2]. apply below_add.
- apply below_mul; [lra|apply cont_whole|]. exists (Sum (seq 0 y) (fun a => ln (lower V M s head [y; a]))). split.
  + apply Sum_le. intros a Ha. apply in_seq in Ha. apply B. lia.
  + apply cont_log_sum. intros a Ha. apply in_seq in Ha. split; [now apply lower_positive|apply cont_pair_lower; lia].
- exists (ln (lower V M s head [y; y])). split; [now apply B|]. apply cont_ln; [now apply lower_positive|now apply cont_pair_lower].
Qed.
Lemma by_labels : Sum (inputs V 2) (loss V M) = Sum (seq 0 V) (fun y => Sum (of_label V 2 y) (loss V M)).
Proof.
replace V with (V - 0)%nat at 3 by lia. rewrite <- Sum_range_labels, Sum_range by lia.
change (inputs 0 2) with (@nil (list nat)). simpl. lra.
Qed.
Lemma half_correct y a : (a <= y)%nat -> (y < V)%nat -> half p heads A norm y a = true -> correct V M [y; a] = true.
Proof.
intros Ha Hy H. assert (E : label [y; a] = y) by (simpl; lia).
apply (head_tail_accuracy V M s HV head one_group (fun _ => 1)); try easy; try (intros; lra).
- unfold one_group. simpl. rewrite app_nil_r. apply Permutation_refl.
- lia.
- rewrite E. simpl Prod. rewrite Rmult_1_r.
  enough (upper V M s head one_group (fun _ => 1) [y; a] - 2 * (a_ y y * a_ a y) < 0) by lra. refine (below_zero_correct _ _ _ H).
  apply cont_sub; [apply cont_pair_upper; lia|]. apply cont_mul; [apply cont_whole|].
  apply cont_mul; apply (row_nth V), HA; lia.
Qed.
End Soundness.

Theorem check_head_tail_sound p heads u v V d embedding linear unembedding claims :
  check_head_tail p V heads u v d embedding linear unembedding claims = true ->
  claimed_of_weights V d 2 embedding linear unembedding claims.
Proof.
unfold check_head_tail.
intros [[[[[[[HV HE]%andb_true_iff HW]%andb_true_iff HU]%andb_true_iff Hh]%andb_true_iff Hu]%andb_true_iff Hv]%andb_true_iff H]%andb_true_iff.
apply Nat.ltb_lt in HV. split; [now apply shape_correct|]. split; [now apply shape_correct|]. split; [now apply shape_correct|].
apply Forall_forall. intros c Hc. rewrite forallb_forall in H. specialize (H c Hc).
assert (HM := table_logits p V d embedding linear unembedding).
revert H. apply supports_correct; [easy| | |].
- apply pair_count_correct; [easy|]. intros y a Ha Hy. now apply half_correct.
- rewrite by_labels. apply above_add_up. intros y Hy. apply in_seq in Hy. apply above_label; try easy. lia.
- rewrite by_labels. apply below_add_up. intros y Hy. apply in_seq in Hy. apply below_label; try easy. lia.
Qed.
End HeadTailChecker.
