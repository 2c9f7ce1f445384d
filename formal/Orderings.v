(* Inputs up to order: the sum of what does not depend on the order of tokens, over sorted inputs weighted by their orderings,
   or by the number of positions that hold the label. Sorted means non-increasing here: the label comes first. *)
From Coq Require Import Reals Lra Lia List Permutation Arith Sorted Factorial Bool.
From Proofmark Require Import Statement Sums Inputs Loss.
Import ListNotations.
Open Scope R_scope.

(** All sorted inputs of n tokens below V. *)
Fixpoint sorted_below (V n : nat) : list (list nat) :=
  match V with
  | O => match n with O => [[]] | S _ => [] end
  | S V' => flat_map (fun j => map (fun t => repeat V' j ++ t) (sorted_below V' (n - j))) (seq 0 (S n))
  end.

(* n! / prod (multiplicities)!: the number of inputs that sort to t *)
Definition multiplicities (V : nat) (t : list nat) : R := Prod (seq 0 V) (fun v => INR (fact (count_occ Nat.eq_dec t v))).
Definition orderings (t : list nat) : R := INR (fact (length t)) / multiplicities (S (label t)) t.
Definition sorted_of_label (n y : nat) : list (list nat) := filter (fun t => label t =? y)%nat (sorted_below (S y) n).

Lemma multiplicities_pos V t : 0 < multiplicities V t.
Proof. apply Prod_pos. intros; apply INR_fact_lt_0. Qed.
Lemma multiplicities_S V t : multiplicities (S V) t = INR (fact (count_occ Nat.eq_dec t V)) * multiplicities V t.
Proof. unfold multiplicities. rewrite seq_S, Prod_app. simpl. ring. Qed.
Lemma multiplicities_app V W j t : (V <= W)%nat -> multiplicities V (repeat W j ++ t) = multiplicities V t.
Proof.
intros H. apply Prod_ext. intros v Hv. apply in_seq in Hv. now rewrite count_occ_app, count_occ_repeat_neq by lia.
Qed.
(* tokens that do not occur contribute 0! = 1 *)
Lemma multiplicities_above V W t : (forall x, In x t -> (x < V)%nat) -> (V <= W)%nat -> multiplicities W t = multiplicities V t.
Proof.
intros H. induction 1 as [|W HW IH]; [easy|]. rewrite multiplicities_S, IH.
rewrite (proj1 (count_occ_not_In Nat.eq_dec t W)); [simpl; ring|]. intros X. apply H in X. lia.
Qed.

Lemma C_n_0 n : C n 0 = 1.
Proof. unfold C. simpl. rewrite Nat.sub_0_r, Rmult_1_l. apply Rinv_r. apply INR_fact_neq_0. Qed.
Lemma C_n_n n : C n n = 1.
Proof. unfold C. rewrite Nat.sub_diag. simpl. rewrite Rmult_1_r. apply Rinv_r. apply INR_fact_neq_0. Qed.

Lemma inputs_S V n f : Sum (inputs V (S n)) f = Sum_below V (fun a => Sum (inputs V n) (fun t => f (a :: t))).
Proof. apply tuples_S. Qed.

Lemma perm_inv_app f p : perm_inv f -> perm_inv (fun t => f (p ++ t)).
Proof. intros H l l' P. apply H. now apply Permutation_app_head. Qed.

(* peel off all the occurrences of the largest token *)
Lemma peel n : forall V f, perm_inv f ->
  Sum (inputs (S V) n) f =
  Sum_below (S n) (fun j => C n j * Sum (inputs V (n - j)) (fun t => f (repeat V j ++ t))).
Proof.
induction n as [|n IH]; intros V f Hf.
- rewrite Sum_below_S, Sum_below_0, C_n_0. simpl. ring.
- rewrite inputs_S, Sum_below_S.
  rewrite (Sum_below_ext V _ (fun a => Sum_below (S n) (fun j => C n j *
     Sum (inputs V (n - j)) (fun t => f (repeat V j ++ a :: t))))).
  2: { intros a _. rewrite (IH V (fun t => f (a :: t))).
       2: apply (perm_inv_app f [a] Hf).
       apply Sum_below_ext. intros j _. f_equal. apply Sum_ext. intros t _.
       apply Hf. apply Permutation_middle. }
  rewrite Sum_below_swap.
  rewrite (Sum_below_ext (S n) _ (fun j => C n j *
     Sum (inputs V (S n - j)) (fun t => f (repeat V j ++ t)))).
  2: { intros j Hj. rewrite Sum_below_scal. f_equal.
       replace (S n - j)%nat with (S (n - j)) by lia. now rewrite inputs_S. }
  rewrite (IH V (fun t => f (V :: t)) (perm_inv_app f [V] Hf)).
  set (G := fun j => Sum (inputs V (S n - j)) (fun t => f (repeat V j ++ t))).
  change (Sum_below (S n) (fun j => C n j * G j) + Sum_below (S n) (fun j => C n j * G (S j)) =
          Sum_below (S (S n)) (fun j => C (S n) j * G j)).
  rewrite (Sum_below_Sl (S n)), C_n_0.
  rewrite (Sum_below_Sl n (fun j => C n j * G j)), C_n_0.
  rewrite (Sum_below_S n (fun j => C n j * G (S j))), C_n_n.
  rewrite (Sum_below_S n (fun j => C (S n) (S j) * G (S j))), C_n_n.
  rewrite (Sum_below_ext n (fun i => C (S n) (S i) * G (S i))
             (fun i => C n (S i) * G (S i) + C n i * G (S i))).
  2: { intros i Hi. rewrite <- pascal by easy. ring. }
  rewrite Sum_below_plus. ring.
Qed.

Lemma sorted_below_spec1 V : forall n t, In t (sorted_below V n) ->
  length t = n /\ (forall x, In x t -> (x < V)%nat) /\ Sorted ge t.
Proof.
induction V as [|V IH]; simpl; intros n t.
- destruct n; simpl; [|easy]. intros [<-|[]]. repeat split; [easy|constructor].
- intros [Ht|Ht]%in_app_or.
  + apply in_map_iff in Ht as (t' & <- & Ht'). rewrite Nat.sub_0_r in Ht'.
    apply IH in Ht' as (Hl & Hx & Hs). simpl. repeat split; [easy| |easy].
    intros x H. specialize (Hx x H). lia.
  + apply in_flat_map in Ht as (j & Hj & Ht). apply in_seq in Hj.
    apply in_map_iff in Ht as (t' & <- & Ht'). apply IH in Ht' as (Hl & Hx & Hs).
    repeat split.
    * rewrite app_length, repeat_length. lia.
    * intros x [H|H]%in_app_or. apply repeat_spec in H. lia. specialize (Hx x H). lia.
    * clear -Hx Hs. induction j as [|j IHj]; [easy|]. simpl. constructor; [easy|].
      destruct j; simpl; [|constructor; lia].
      destruct t'; constructor. specialize (Hx n (or_introl eq_refl)). lia.
Qed.

Lemma sorted_below_spec2 V : forall n t,
  length t = n -> (forall x, In x t -> (x < V)%nat) -> Sorted ge t -> In t (sorted_below V n).
Proof.
induction V as [|V IH]; intros n t Hl Hx Hs.
- destruct t as [|x t]; [simpl in Hl; subst; now left|]. exfalso. specialize (Hx x (or_introl eq_refl)). lia.
- (* t = repeat V j ++ t', t' below V *)
  assert (exists j t', t = repeat V j ++ t' /\ (forall x, In x t' -> (x < V)%nat) /\ Sorted ge t') as (j & t' & -> & Hx' & Hs').
  { clear -Hx Hs. induction t as [|x t IHt].
    - exists 0%nat, []. repeat split; easy.
    - inversion Hs as [|? ? Hs' Hh]; subst.
      destruct (Nat.eq_dec x V) as [->|Hne].
      + destruct IHt as (j & t' & -> & H1 & H2); auto with datatypes.
        exists (S j), t'. now split.
      + exists 0%nat, (x :: t). split; [easy|]. split; [|easy].
        assert (x < V)%nat by (specialize (Hx x (or_introl eq_refl)); lia).
        apply Sorted_StronglySorted in Hs. 2: intros u v w; lia.
        inversion Hs as [|? ? _ Hall]; subst. rewrite Forall_forall in Hall.
        intros y [->|Hy]; [easy|]. specialize (Hall y Hy). lia. }
  simpl sorted_below. rewrite app_length, repeat_length in Hl.
  change (In (repeat V j ++ t') (flat_map (fun j => map (fun t => repeat V j ++ t) (sorted_below V (n - j))) (seq 0 (S n)))).
  apply in_flat_map. exists j. split; [apply in_seq; lia|].
  apply in_map_iff. exists t'. split; [easy|]. apply IH; [lia|easy|easy].
Qed.

Lemma sorted_below_NoDup V : forall n, NoDup (sorted_below V n).
Proof.
induction V as [|V IH]; intros n.
- destruct n; simpl; repeat constructor; easy.
- cbn [sorted_below].
  assert (G : forall l, NoDup l -> NoDup (flat_map (fun j => map (fun t => repeat V j ++ t) (sorted_below V (n - j))) l)).
  2: apply G, seq_NoDup.
  induction 1 as [|j l Hj Hl IHl]; simpl; [constructor|].
  apply NoDup_app_intro; [|easy|].
  { apply FinFun.Injective_map_NoDup; [|apply IH]. intros a b. apply app_inv_head. }
  intros t H1 H2. apply in_map_iff in H1 as (t1 & <- & H1).
  apply in_flat_map in H2 as (j2 & Hj2 & H2). apply in_map_iff in H2 as (t2 & E & H2).
  apply sorted_below_spec1 in H1 as (_ & H1 & _). apply sorted_below_spec1 in H2 as (_ & H2 & _).
  assert (H : count_occ Nat.eq_dec (repeat V j2 ++ t2) V = count_occ Nat.eq_dec (repeat V j ++ t1) V) by now rewrite E.
  rewrite !count_occ_app, !count_occ_repeat_eq in H by easy.
  rewrite (proj1 (count_occ_not_In Nat.eq_dec t1 V)) in H by (intros X; apply H1 in X; lia).
  rewrite (proj1 (count_occ_not_In Nat.eq_dec t2 V)) in H by (intros X; apply H2 in X; lia).
  assert (j2 = j) by lia. now subst.
Qed.

Lemma sum_sorted V : forall n f, perm_inv f ->
  Sum (inputs V n) f = Sum (sorted_below V n) (fun t => INR (fact (length t)) / multiplicities V t * f t).
Proof.
induction V as [|V IH]; intros n f Hf.
- destruct n; simpl; [|easy]. unfold multiplicities. simpl. lra.
- rewrite peel by easy. cbn [sorted_below]. rewrite Sum_flat_map.
  apply Sum_below_ext. intros j Hj. rewrite Sum_map.
  rewrite (IH (n - j)%nat (fun t => f (repeat V j ++ t))) by now apply perm_inv_app.
  rewrite <- Sum_scal. apply Sum_ext. intros t Ht.
  apply sorted_below_spec1 in Ht as (Hl & Hx & _).
  rewrite <- Rmult_assoc. f_equal. rewrite multiplicities_S.
  rewrite app_length, repeat_length, Hl, multiplicities_app by lia.
  rewrite count_occ_app, count_occ_repeat_eq by easy.
  rewrite (proj1 (count_occ_not_In Nat.eq_dec t V)) by (intros X; apply Hx in X; lia).
  rewrite Nat.add_0_r. replace (j + (n - j))%nat with n by lia. unfold C.
  pose proof (multiplicities_pos V t). field. repeat split; try apply INR_fact_neq_0; lra.
Qed.

(** Sorted inputs with label y: each once, weighted by their orderings. *)
Lemma sorted_of_label_NoDup n y : NoDup (sorted_of_label n y).
Proof. apply NoDup_filter, sorted_below_NoDup. Qed.
Lemma sorted_of_label_In n y t : In t (sorted_of_label n y) <-> length t = n /\ Sorted ge t /\ label t = y.
Proof.
unfold sorted_of_label. rewrite filter_In, Nat.eqb_eq. split.
- intros [H E]. apply sorted_below_spec1 in H as (H1 & _ & H2). easy.
- intros (H1 & H2 & E). split; [|easy]. apply sorted_below_spec2; try easy.
  intros x Hx. apply label_ge in Hx. lia.
Qed.
Theorem Sum_of_label_sorted V n y f : perm_inv f -> (0 < n)%nat -> (y < V)%nat ->
  Sum (of_label V n y) f = Sum (sorted_of_label n y) (fun t => orderings t * f t).
Proof.
intros Hf Hn Hy. set (g t := if (label t =? y)%nat then f t else 0).
transitivity (Sum (inputs (S y) n) g).
- rewrite <- (Sum_below_label V n (S y)) by (easy || lia). unfold range. rewrite Sum_if.
  apply Sum_ext. intros t _. unfold g, in_range.
  destruct (Nat.leb_spec y (label t)), (Nat.ltb_spec (label t) (S y)), (Nat.eqb_spec (label t) y); simpl; lra || lia.
- rewrite (sum_sorted (S y) n g).
  + unfold sorted_of_label. rewrite Sum_if. apply Sum_ext. intros t Ht. unfold g.
    destruct (Nat.eqb_spec (label t) y) as [<-|]; [easy|ring].
  + intros t t' P. unfold g. rewrite (label_perm t t' P), (Hf t t' P). easy.
Qed.

(** Inputs with label y by the number m of positions that hold it. *)
Theorem Sum_of_label_peel V n y f : perm_inv f -> (0 < n)%nat -> (y < V)%nat ->
  Sum (of_label V n y) f = Sum (seq 1 n) (fun m => C n m * Sum (inputs y (n - m)) (fun u => f (repeat y m ++ u))).
Proof.
intros Hf Hn Hy. rewrite Sum_range, peel by (easy || lia). unfold Sum_below. simpl seq.
rewrite <- seq_shift, !Sum_map. simpl (Sum (_ :: _) _). rewrite C_n_0, Nat.sub_0_r, Sum_map.
rewrite ?Sum_map. simpl. change (fun t => f t) with f. ring.
Qed.
