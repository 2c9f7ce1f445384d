(* A program that checks claims by head-tail@1, n = 2, and the proof that it is right, whatever the witnesses are. *)
From Coq Require Import Reals Lra Lia List Permutation ZArith Arith Bool QArith Qreals.
From Interval.Float Require Import Basic Sig.
From Interval.Interval Require Import Interval Float Float_full.
From Proofmark Require Import Statement Sums Inputs Loss Symmetry Holder HeadTail Enclosures PairClaims SymmetryChecker.
Import ListNotations.
Open Scope R_scope.

(* As in docs/rules/head-tail.md; [levels]: row y, the levels of the pairs (0,y) .. (y,y). What is missing has level 0, group 0, weight 1. *)
Record witnesses := Witnesses {
  heads : list (list nat); head_sizes : list nat; levels : list (list nat); column_groups : list nat; column_weights : list dyadic;
  token_multipliers : list dyadic; label_multipliers : list dyadic }.

Definition multiplier (u : list dyadic) (a : nat) : dyadic := nth a u (0, 0)%Z.
Definition not_negative (V : nat) (w : list dyadic) : bool := (length w =? V)%nat && forallb (fun x => 0 <=? fst x)%Z w.

(* The outputs, group by group *)
Section Groups.
Variables (V : nat) (groups : list nat).
Definition in_group (g k : nat) : bool := (nth k groups 0 =? g)%nat.
Definition group_count : nat := S (list_max groups).
Definition by_group : list (list nat) := map (fun g => filter (in_group g) (seq 0 V)) (seq 0 group_count).

Lemma filter_below (f : nat -> nat) l n : Permutation (filter (fun k => f k <? n)%nat l ++ filter (fun k => f k =? n)%nat l) (filter (fun k => f k <? S n)%nat l).
Proof.
induction l as [|k l IH]; [constructor|]. simpl.
destruct (Nat.ltb_spec (f k) n), (Nat.eqb_spec (f k) n), (Nat.ltb_spec (f k) (S n)); try lia; simpl; try (now constructor); [|easy].
rewrite <- Permutation_middle. now constructor.
Qed.
Lemma each_in_a_group : Permutation (concat by_group) (seq 0 V).
Proof.
unfold by_group. assert (G : forall n, Permutation (concat (map (fun g => filter (in_group g) (seq 0 V)) (seq 0 n))) (filter (fun k => nth k groups 0 <? n)%nat (seq 0 V))).
{ induction n as [|n IH].
  - simpl. now induction (seq 0 V).
  - rewrite seq_S, map_app, concat_app. simpl. rewrite app_nil_r, IH. apply (filter_below (fun k => nth k groups 0%nat)). }
rewrite G. generalize (seq 0 V). intros l. replace (filter _ l) with l; [easy|]. induction l as [|k l IH]; [easy|]. simpl. rewrite <- IH.
replace (nth k groups 0 <? group_count)%nat with true; [easy|]. symmetry. apply Nat.ltb_lt, Nat.lt_succ_r.
destruct (nth_in_or_default k groups 0%nat) as [H| ->]; [|lia].
assert (K := proj1 (list_max_le groups (list_max groups)) (Nat.le_refl _)). rewrite Forall_forall in K. now apply K.
Qed.
End Groups.

Module HeadTailChecker (F : FloatOps with Definition sensible_format := true).
Module S := SymmetryChecker F.
Import S.C.E S.C S.

Section Program.
Variable p : F.precision.
Notation T := I.type.
Variables (V : nat) (x : witnesses).
Notation u a := (multiplier (token_multipliers x) a).
Notation v y := (multiplier (label_multipliers x) y).
Notation w k := (or_one (column_weights x) k).
Notation G := (group_count (column_groups x)).

(* Levels: the head size of a pair; a level of size V or more is exact. *)
Definition level (y a : nat) : nat := nth a (nth y (levels x) []) 0%nat.
Definition size (l : nat) : nat := nth l (head_sizes x) V.
Definition exact (l : nat) : bool := (V <=? size l)%nat.
Definition head_of (l a : nat) : list nat := firstn (size l) (nth a (heads x) []).
Definition in_head (l a k : nat) : bool := existsb (Nat.eqb k) (head_of l a).
Definition head_union (l y a : nat) : list nat := nodup Nat.eq_dec (head_of l y ++ head_of l a).

(* Norms of tails, by level, token and group: with weights w_k, and with 1 / w_k *)
Definition mask (weigh : T -> T) (g : nat) : list T := tabulate V (fun k => if in_group (column_groups x) g k then weigh (weight p (w k)) else I.zero).
Definition masks (weigh : T -> T) : list (list T) := tabulate G (mask weigh).
Definition squares (A : list (list T)) (l a : nat) : list T :=
  let r := nth a A [] in tabulate V (fun k => if in_head l a k then I.zero else let z := nth k r unknown in I.mul p z z).
Definition norms (ms : list (list T)) (A : list (list T)) (l : nat) : list (list T) :=
  if exact l then [] else tabulate V (fun a => let r := squares A l a in map (fun m => I.sqrt p (dot p r m)) ms).
Definition norm_tables (weigh : T -> T) (A : list (list T)) : list (list (list T)) :=
  let ms := masks weigh in tabulate (length (head_sizes x)) (norms ms A).
Definition inverse (i : T) : T := I.div p (whole p 1) i.

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
  let l := level y a in
  if exact l then pair_Z p A y a
  else let ry := nth y A [] in
       let ra := nth a A [] in
       add_up p (fun k => I.mul p (nth k ry unknown) (nth k ra unknown)) (head_union l y a).
Definition pair_upper (L : T) (left right : list (list (list T))) (y a : nat) : T :=
  let l := level y a in
  if exact l then L else I.add p L (dot p (nth a (nth l left []) []) (nth y (nth l right []) [])).
Definition pair_phi (A : list (list T)) (left right : list (list (list T))) (y a : nat) : T :=
  let L := pair_lower A y a in
  let m := I.mul p (weight p (v y)) (I.mul p (weight p (u y)) (weight p (u a))) in
  phi_above L (pair_upper L left right y a) m.

Definition label_above (A D rows sums : list (list T)) (left right : list (list (list T))) (y : nat) : T :=
  I.add p (I.add p (I.mul p (weight p (v y)) (total_2 rows sums y))
    (I.add p (I.mul p (whole p 2) (add_up p (pair_phi A left right y) (seq 0 y))) (pair_phi A left right y y))) (label_terms_2 p D y).
Definition label_below (A D : list (list T)) (y : nat) : T :=
  I.add p (I.add p (I.mul p (whole p 2) (log_sum p (pair_lower A y) (seq 0 y))) (I.ln p (pair_lower A y y))) (label_terms_2 p D y).
(* U < 2 A[a,y] A[y,y]: the label has more than half of the probability. An exact pair's logits are compared. *)
Definition half (M A : list (list T)) (left right : list (list (list T))) (y a : nat) : bool :=
  if exact (level y a) then decided p M y a
  else below_zero (I.sub p (pair_upper (pair_lower A y a) left right y a)
    (I.mul p (whole p 2) (I.mul p (nth y (nth y A []) unknown) (nth y (nth a A []) unknown)))).

Definition heads_fit : bool :=
  (length (heads x) =? V)%nat && forallb (fun h => negb (length h =? 0)%nat && forallb (fun k => k <? V)%nat h) (heads x) &&
  forallb (fun h => 0 <? h)%nat (head_sizes x).

Definition check_head_tail (d : nat) (embedding linear unembedding : tensor) (claims : list claim) : bool :=
  (0 <? V)%nat && shape d V embedding && shape d d linear && shape V d unembedding &&
  heads_fit && positive V (column_weights x) && not_negative V (token_multipliers x) && not_negative V (label_multipliers x) &&
  let M := logit_table p V d embedding linear unembedding in
  let D := deficit_table p V M (shifts M) in
  let A := shared_table p V D in
  let left := norm_tables (fun i => i) A in
  let right := norm_tables inverse A in
  let rows := scaled p V (multiplier (token_multipliers x)) A in
  let sums := prefixes rows (zeros V) in
  let upper := add_up p (label_above A D rows sums left right) (seq 0 V) in
  let lower := add_up p (label_below A D) (seq 0 V) in
  forallb (supports p V 2 upper lower (fun _ => pair_count V (half M A left right))) claims.
End Program.

Section Soundness.
Variable p : F.precision.
Variables (V : nat) (M : nat -> nat -> R) (logits : list (list I.type)) (x : witnesses).
Hypotheses (HV : (0 < V)%nat) (HM : table V V logits M).
Hypotheses (Hheads : heads_fit V x = true) (Hw : positive V (column_weights x) = true).
Hypotheses (Hu : not_negative V (token_multipliers x) = true) (Hv : not_negative V (label_multipliers x) = true).
Notation s := (shift_values (shifts logits)).
Notation D := (deficit_table p V logits (shifts logits)).
Notation A := (shared_table p V D).
Notation a_ := (shared M s).
Notation Z := (partition V M s).
Notation head := (in_head V x).
Notation ru a := (real (multiplier (token_multipliers x) a)).
Notation rv a := (real (multiplier (label_multipliers x) a)).
Notation rw k := (real (or_one (column_weights x) k)).
Notation G := (group_count (column_groups x)).
Notation left := (norm_tables p V x (fun i => i) A).
Notation right := (norm_tables p V x (inverse p) A).

Lemma HA : table V V A a_.
Proof. apply table_shared, table_deficits, HM. Qed.

Lemma real_nonneg w a : not_negative V w = true -> 0 <= real (multiplier w a).
Proof.
intros [_ H]%andb_true_iff. rewrite forallb_forall in H. unfold real, multiplier.
apply Rmult_le_pos; [|left; apply powerRZ_lt; lra]. apply IZR_le.
destruct (nth_in_or_default a w (0, 0)%Z) as [Hin| ->]; [|easy]. now apply Z.leb_le, H.
Qed.
Lemma rw_pos k : 0 < rw k.
Proof. now apply (or_one_positive V). Qed.
Lemma size_pos l : (0 < size V x l)%nat.
Proof.
apply andb_true_iff in Hheads as [_ H]. rewrite forallb_forall in H. unfold size.
destruct (nth_in_or_default l (head_sizes x) V) as [Hin| ->]; [|easy]. now apply Nat.ltb_lt, H.
Qed.
Lemma head_entries l a : (a < V)%nat -> head_of V x l a <> [] /\ forall k, In k (head_of V x l a) -> (k < V)%nat.
Proof.
intros Ha. assert (P := size_pos l). assert (H0 := Hheads). apply andb_true_iff in H0 as [H0 _]. apply andb_true_iff in H0 as [Hl H]. apply Nat.eqb_eq in Hl. rewrite forallb_forall in H.
assert (I0 : In (nth a (heads x) []) (heads x)) by (apply nth_In; lia). specialize (H _ I0). apply andb_true_iff in H as [H1 H2].
unfold head_of. destruct (size V x l) as [|h]; [lia|]. split.
- now destruct (nth a (heads x) []).
- intros k Hk. rewrite forallb_forall in H2. apply Nat.ltb_lt, H2. rewrite <- (firstn_skipn (S h)). apply in_or_app. now left.
Qed.
Lemma in_head_In l a k : head l a k = true <-> In k (head_of V x l a).
Proof.
unfold in_head. rewrite existsb_exists. split.
- intros (z & Hz & E). apply Nat.eqb_eq in E. now subst.
- intros H. exists k. now rewrite Nat.eqb_refl.
Qed.

(** Norms *)
Section Norms.
Variables (weigh : I.type -> I.type) (weighed : R -> R).
Hypothesis Hweigh : forall i r, 0 < r -> cont i r -> cont (weigh i) (weighed r).
Lemma row_norms l a : exact V x l = false -> (a < V)%nat ->
  row G (nth a (nth l (norm_tables p V x weigh A) []) [])
    (fun g => sqrt (Sum (filter (in_group (column_groups x) g) (seq 0 V)) (fun k => tail_part M s (head l) a k ^ 2 * weighed (rw k)))).
Proof.
intros He Ha. assert (Hl : (l < length (head_sizes x))%nat).
{ destruct (Nat.lt_ge_cases l (length (head_sizes x))); [easy|]. unfold exact, size in He. rewrite nth_overflow in He by easy. apply Nat.leb_gt in He. lia. }
unfold norm_tables. rewrite nth_tabulate by easy. unfold norms. rewrite He, nth_tabulate by easy. unfold masks, tabulate at 1. rewrite map_map.
apply row_tabulate. intros g _. apply cont_sqrt. rewrite Sum_if.
rewrite (Sum_ext _ _ (fun k => tail_part M s (head l) a k ^ 2 * (if in_group (column_groups x) g k then weighed (rw k) else 0)))
  by (intros k _; destruct in_group; ring).
apply (cont_dot p V); apply row_tabulate; intros k Hk.
- unfold tail_part. destruct (head l a k); [replace (0 ^ 2) with 0 by ring; apply cont_zero|].
  replace (a_ a k ^ 2) with (a_ a k * a_ a k) by ring. assert (K := row_nth V _ _ k (HA a Ha)). now apply cont_mul.
- destruct in_group; [|apply cont_zero]. apply Hweigh; [apply rw_pos|apply cont_weight].
Qed.
End Norms.

(** What a pair's inner product lies between *)
Notation groups := (by_group V (column_groups x)).
Definition low (y a : nat) : R := if exact V x (level x y a) then Z [y; a] else lower V M s (head (level x y a)) [y; a].
Definition high (y a : nat) : R :=
  if exact V x (level x y a) then Z [y; a] else upper V M s (head (level x y a)) groups (fun k => rw k) [y; a].
Lemma encloses y a : low y a <= Z [y; a] <= high y a.
Proof.
unfold low, high. destruct exact; [lra|]. apply heads_enclose; try easy; [apply each_in_a_group|intros; apply rw_pos].
Qed.
Lemma cont_pair_lower y a : (y < V)%nat -> (a < V)%nat -> cont (pair_lower p V x A y a) (low y a).
Proof.
intros Hy Ha. unfold pair_lower, low. set (l := level x y a). destruct exact; [now apply cont_pair_Z|]. unfold lower. rewrite (Sum_perm _ (head_union V x l y a)).
- rewrite (Sum_ext _ _ (fun k => a_ y k * a_ a k)) by (intros; simpl; ring).
  apply cont_add_up. intros k Hk. assert (k < V)%nat.
  { apply nodup_In, in_app_or in Hk as [Hk|Hk]; [apply (proj2 (head_entries l y Hy))|apply (proj2 (head_entries l a Ha))]; easy. }
  apply cont_mul; apply (row_nth V), HA; easy.
- apply NoDup_Permutation; [apply NoDup_filter, seq_NoDup|apply NoDup_nodup|]. intros k. rewrite filter_In, in_seq.
  unfold head_union. rewrite nodup_In, in_app_iff, <- !in_head_In. unfold in_heads. simpl. rewrite orb_false_r, orb_true_iff.
  split; [easy|]. intros H. split; [|easy]. rewrite !in_head_In in H. split; [lia|].
  destruct H as [H|H]; [apply (proj2 (head_entries l y Hy))|apply (proj2 (head_entries l a Ha))]; easy.
Qed.
Lemma cont_pair_upper y a : (y < V)%nat -> (a < V)%nat -> cont (pair_upper p V x (pair_lower p V x A y a) left right y a) (high y a).
Proof.
intros Hy Ha. assert (K := cont_pair_lower y a Hy Ha). unfold pair_upper, high. unfold low in K. set (l := level x y a) in *.
destruct (exact V x l) eqn:E; [easy|]. apply cont_add; [easy|]. unfold tail, by_group. rewrite Sum_map.
rewrite (Sum_ext _ _ (fun g =>
  sqrt (Sum (filter (in_group (column_groups x) g) (seq 0 V)) (fun k => tail_part M s (head l) a k ^ 2 * rw k))
  * sqrt (Sum (filter (in_group (column_groups x) g) (seq 0 V)) (fun k => tail_part M s (head l) y k ^ 2 * (1 / rw k))))).
- apply (cont_dot p G).
  + now apply (row_norms (fun i => i) (fun r => r)).
  + apply (row_norms (inverse p) (fun r => 1 / r)); try easy. intros i r Hr Hi. apply cont_div; [lra|apply cont_whole|easy].
- intros g _. assert (N : forall b k, 0 <= tail_part M s (head l) b k ^ 2) by (intros; apply pow2_ge_0).
  rewrite !root_sqrt.
  + do 2 f_equal. apply Sum_ext. intros k _. unfold Rdiv. ring.
  + apply Sum_nonneg. intros k _. apply Rmult_le_pos; [apply N|]. left. apply Rinv_0_lt_compat, rw_pos.
  + apply Sum_nonneg. intros k _. apply Rmult_le_pos; [apply N|]. left. apply rw_pos.
Qed.
Lemma low_positive y a : (y < V)%nat -> 0 < low y a.
Proof.
intros Hy. unfold low. destruct exact; [now apply partition_pos|]. apply lower_pos; [easy|]. set (l := level x y a).
destruct (head_entries l y Hy) as [H1 H2]. destruct (head_of V x l y) as [|k h] eqn:E; [easy|].
exists y, k. split; [now left|]. split; [apply H2; now left|]. apply in_head_In. rewrite E. now left.
Qed.

Lemma phi_above_correct L U m l b c z : cont L l -> cont U b -> cont m c -> 0 <= c -> 0 < l -> l <= z <= b ->
  above (phi_above p L U m) (ln z - c * z).
Proof.
intros HL HU Hm Hx Hl Hz. unfold phi_above. assert (P := phi_max l b c z Hx ltac:(lra) Hz). unfold phi, z_star in P.
assert (C : forall i r, 0 < r -> cont i r -> cont (I.sub p (I.ln p i) (I.mul p m i)) (ln r - c * r)).
{ intros i r Hr Hi. apply cont_sub; [now apply cont_ln|now apply cont_mul]. }
destruct (not_below_zero _) eqn:E1; [|destruct (not_above_zero _) eqn:E2; [|destruct (below_zero _) eqn:E3]].
- apply (not_below_zero_correct _ (c * l - 1)) in E1; [|apply cont_sub; [now apply cont_mul|apply cont_whole]].
  destruct Rle_dec; [|lra]. exists (ln l - c * l). split; [easy|]. now apply C.
- apply (not_above_zero_correct _ (c * b - 1)) in E2; [|apply cont_sub; [now apply cont_mul|apply cont_whole]].
  exists (ln b - c * b). split; [|apply C; [lra|easy]].
  destruct (Rle_dec 1 (c * l)).
  + replace b with l by nra. easy.
  + destruct Rle_dec; lra.
- apply (below_zero_correct _ (- c)) in E3; [|now apply cont_neg].
  exists (- ln c - 1). split; [|apply cont_sub; [apply cont_neg, cont_ln; [lra|easy]|apply cont_whole]].
  assert (Q := ln_le_sub1 (c * z) ltac:(nra)). rewrite ln_mult in Q by lra. lra.
- apply above_cont, cont_unknown.
Qed.
Lemma above_pair_phi y a : (a <= y)%nat -> (y < V)%nat ->
  above (pair_phi p V x A left right y a) (ln (Z [y; a]) - rv y * (ru y * ru a) * Z [y; a]).
Proof.
intros Ha Hy. apply (phi_above_correct _ _ _ (low y a) (high y a)).
- apply cont_pair_lower; lia.
- apply cont_pair_upper; lia.
- apply cont_mul; [apply cont_weight|apply cont_mul; apply cont_weight].
- apply Rmult_le_pos; [|apply Rmult_le_pos]; now apply real_nonneg.
- now apply low_positive.
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
Notation rows := (scaled p V (multiplier (token_multipliers x)) A).
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
Lemma above_label y : (y < V)%nat -> above (label_above p V x A D rows sums left right y) (Sum (of_label V 2 y) (loss V M)).
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
Lemma below_label y : (y < V)%nat -> below (label_below p V x A D y) (Sum (of_label V 2 y) (loss V M)).
Proof.
intros Hy. rewrite (label_loss V M s) by (lia || easy). rewrite (Sum_of_label_pairs V y _ perm_ln) by easy.
assert (B : forall a, (a <= y)%nat -> ln (low y a) <= ln (Z [y; a])).
{ intros a _. apply ln_le_ln; [now apply low_positive|apply encloses]. }
apply below_add; [|now apply below_cont, cont_label_terms_2]. apply below_add.
- apply below_mul; [lra|apply cont_whole|]. exists (Sum (seq 0 y) (fun a => ln (low y a))). split.
  + apply Sum_le. intros a Ha. apply in_seq in Ha. apply B. lia.
  + apply cont_log_sum. intros a Ha. apply in_seq in Ha. split; [now apply low_positive|apply cont_pair_lower; lia].
- exists (ln (low y y)). split; [now apply B|]. apply cont_ln; [now apply low_positive|now apply cont_pair_lower].
Qed.
Lemma half_correct y a : (a <= y)%nat -> (y < V)%nat -> half p V x logits A left right y a = true -> correct V M [y; a] = true.
Proof.
intros Ha Hy. assert (K := cont_pair_upper y a Hy ltac:(lia)). revert K. unfold half, high.
destruct exact eqn:E; [intros _; now apply decided_correct|]. intros K H. assert (L : label [y; a] = y) by (simpl; lia).
apply (head_tail_accuracy V M s HV (head (level x y a)) groups (fun k => rw k)); try easy.
- apply each_in_a_group.
- intros; apply rw_pos.
- lia.
- rewrite L. simpl Prod. rewrite Rmult_1_r.
  enough (upper V M s (head (level x y a)) groups (fun k => rw k) [y; a] - 2 * (a_ y y * a_ a y) < 0) by lra. refine (below_zero_correct _ _ _ H).
  apply cont_sub; [easy|]. apply cont_mul; [apply cont_whole|].
  apply cont_mul; apply (row_nth V), HA; lia.
Qed.
End Soundness.

Theorem check_head_tail_sound p x V d embedding linear unembedding claims :
  check_head_tail p V x d embedding linear unembedding claims = true -> claimed_of_weights V d 2 embedding linear unembedding claims.
Proof.
unfold check_head_tail.
intros [[[[[[[[HV HE]%andb_true_iff HW]%andb_true_iff HU]%andb_true_iff Hh]%andb_true_iff Hw]%andb_true_iff Hu]%andb_true_iff Hv]%andb_true_iff H]%andb_true_iff.
apply Nat.ltb_lt in HV. split; [now apply shape_correct|]. split; [now apply shape_correct|]. split; [now apply shape_correct|].
apply Forall_forall. intros c Hc. rewrite forallb_forall in H. specialize (H c Hc).
assert (HM := table_logits p V d embedding linear unembedding).
revert H. apply supports_correct; [easy| | |].
- apply pair_count_correct; [easy|]. intros y a Ha Hy. now apply half_correct.
- rewrite Sum_labels by lia. apply above_add_up. intros y Hy. apply in_seq in Hy. apply above_label; easy || lia.
- rewrite Sum_labels by lia. apply below_add_up. intros y Hy. apply in_seq in Hy. apply below_label; easy || lia.
Qed.
End HeadTailChecker.
