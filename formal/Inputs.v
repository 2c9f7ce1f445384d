(* The inputs: each once; those of a range of labels; sums over all of them of what each token contributes. *)
From Coq Require Import Reals Lra Lia List Permutation Arith Bool.
From Proofmark Require Import Statement Sums.
Import ListNotations.
Open Scope R_scope.

(** ** [inputs V n] lists every input exactly once *)
Lemma NoDup_app_intro {A} (u w : list A) :
  NoDup u -> NoDup w -> (forall x, In x u -> ~ In x w) -> NoDup (u ++ w).
Proof.
induction 1 as [|a u Ha Hu IH]; simpl; [easy|]. intros Hw D. constructor.
- intros [H|H]%in_app_or; [easy|]. exact (D a (or_introl eq_refl) H).
- apply IH; auto.
Qed.

Lemma tuples_length {A} (l : list A) n : length (tuples n l) = (length l ^ n)%nat.
Proof.
induction n as [|n IH]; [easy|]. simpl. rewrite <- IH. generalize (tuples n l) as r. intros r. clear IH.
induction l as [|a l IH]; simpl; [easy|]. now rewrite app_length, map_length, IH.
Qed.
Lemma tuples_In {A} (l : list A) n : forall t, In t (tuples n l) <-> length t = n /\ forall x, In x t -> In x l.
Proof.
induction n as [|n IH]; intros t; simpl.
- split; [intros [<-|[]]; split; easy|]. intros [H _]. left. now destruct t.
- rewrite in_flat_map. split.
  + intros (a & Ha & H). apply in_map_iff in H as (t' & <- & H). apply IH in H as [H1 H2].
    simpl. split; [congruence|]. intros x [<-|Hx]; auto.
  + intros [H1 H2]. destruct t as [|a t]; [easy|]. exists a. split; [apply H2; now left|].
    apply in_map. apply IH. split; [now injection H1|]. intros x Hx. apply H2. now right.
Qed.
Lemma tuples_NoDup {A} (l : list A) n : NoDup l -> NoDup (tuples n l).
Proof.
intros Hl. induction n as [|n IH]; simpl; [repeat constructor; easy|].
enough (G : forall m, NoDup m -> NoDup (flat_map (fun a => map (cons a) (tuples n l)) m)) by now apply G.
clear Hl. induction 1 as [|a m Ha Hm IHm]; simpl; [constructor|].
apply NoDup_app_intro; [|easy|].
- apply FinFun.Injective_map_NoDup; [|easy]. intros x y E. now injection E.
- intros t H1 H2. apply in_map_iff in H1 as (t1 & <- & _). apply in_flat_map in H2 as (b & Hb & H2).
  apply in_map_iff in H2 as (t2 & E & _). injection E as -> _. easy.
Qed.
Theorem inputs_each_once V n :
  length (inputs V n) = (V ^ n)%nat /\ NoDup (inputs V n) /\
  forall t, In t (inputs V n) <-> length t = n /\ forall x, In x t -> (x < V)%nat.
Proof.
unfold inputs. split; [now rewrite tuples_length, seq_length|]. split; [apply tuples_NoDup, seq_NoDup|].
intros t. rewrite tuples_In. split; intros [H1 H2]; split; try easy; intros x Hx; specialize (H2 x Hx).
- apply in_seq in H2. lia.
- apply in_seq. lia.
Qed.

(** ** Labels *)
Lemma label_cons a t : label (a :: t) = Nat.max a (label t).
Proof. easy. Qed.
Lemma label_ge t x : In x t -> (x <= label t)%nat.
Proof.
induction t as [|a t IH]; [easy|]. rewrite label_cons. intros [->|Hx]; [lia|]. specialize (IH Hx). lia.
Qed.
Lemma label_In t : t <> [] -> In (label t) t.
Proof.
induction t as [|a t IH]; [easy|]. intros _. rewrite label_cons. destruct t as [|b t].
- left. simpl. lia.
- destruct (Nat.max_spec a (label (b :: t))) as [[_ ->]|[_ ->]]; [right; now apply IH|now left].
Qed.
Lemma label_lt V n t : (0 < V)%nat -> In t (inputs V n) -> (label t < V)%nat.
Proof.
intros HV H. apply (inputs_each_once V n) in H as [_ H]. destruct t as [|a t]; [easy|].
apply H, label_In. easy.
Qed.
Lemma label_perm t t' : Permutation t t' -> label t = label t'.
Proof. induction 1; rewrite ?label_cons in *; lia. Qed.
Lemma label_app t t' : label (t ++ t') = Nat.max (label t) (label t').
Proof. induction t as [|a t IH]; [easy|]. simpl app. rewrite !label_cons, IH. lia. Qed.
Lemma label_below y t : (0 < y)%nat -> (forall x, In x t -> (x < y)%nat) -> (label t < y)%nat.
Proof. intros Hy H. destruct t as [|a t]; [easy|]. apply H, label_In. easy. Qed.

(** ** The inputs of a range of labels [from, to) *)
Definition in_range (from to : nat) (t : list nat) : bool := ((from <=? label t) && (label t <? to))%nat.
Definition range (V n from to : nat) : list (list nat) := filter (in_range from to) (inputs V n).
Notation of_label V n y := (range V n y (S y)).

Lemma tuples_S {A} n (l : list A) f : Sum (tuples (S n) l) f = Sum l (fun a => Sum (tuples n l) (fun t => f (a :: t))).
Proof. simpl. apply Sum_flat_map_map. Qed.

Lemma Sum_below_label V n m f : (0 < n)%nat -> (m <= V)%nat ->
  Sum (inputs V n) (fun t => if (label t <? m)%nat then f t else 0) = Sum (inputs m n) f.
Proof.
unfold inputs. intros Hn Hm. destruct m as [|m'].
- destruct n as [|n]; [easy|]. simpl (tuples (S n) (seq 0 0)). simpl (Sum [] f).
  rewrite (Sum_ext _ _ (fun _ => 0)) by easy. apply Sum_0.
- clear Hn. set (m := S m') in *. assert (M0 : (0 < m)%nat) by lia. revert f.
  induction n as [|n IH]; intros f.
  + simpl. destruct (Nat.ltb_spec 0 m); [easy|lia].
  + rewrite !tuples_S. replace V with (m + (V - m))%nat at 1 by lia. rewrite seq_app, Sum_app.
    rewrite (Sum_ext (seq (0 + m) _) _ (fun _ => 0)), Sum_0, Rplus_0_r.
    * apply Sum_ext. intros a Ha. apply in_seq in Ha. rewrite <- (IH (fun t => f (a :: t))).
      apply Sum_ext. intros t _. rewrite label_cons.
      destruct (Nat.ltb_spec (Nat.max a (label t)) m), (Nat.ltb_spec (label t) m); try easy; lia.
    * intros a Ha. apply in_seq in Ha. rewrite (Sum_ext _ _ (fun _ => 0)); [apply Sum_0|].
      intros t _. rewrite label_cons. destruct (Nat.ltb_spec (Nat.max a (label t)) m); [lia|easy].
Qed.

(* to^n - from^n inputs: those of tokens below [to], without those of tokens below [from]. *)
Lemma Sum_range V n from to f : (0 < n)%nat -> (from <= to <= V)%nat ->
  Sum (range V n from to) f = Sum (inputs to n) f - Sum (inputs from n) f.
Proof.
intros Hn H. unfold range. rewrite Sum_if.
rewrite <- (Sum_below_label V n to), <- (Sum_below_label V n from), <- Sum_minus by (easy || lia).
apply Sum_ext. intros t _. unfold in_range.
destruct (Nat.leb_spec from (label t)), (Nat.ltb_spec (label t) to), (Nat.ltb_spec (label t) from); simpl; try lra; lia.
Qed.
Lemma range_labels V n from to t : In t (range V n from to) <-> In t (inputs V n) /\ (from <= label t < to)%nat.
Proof.
unfold range, in_range. rewrite filter_In, andb_true_iff, Nat.leb_le, Nat.ltb_lt. easy.
Qed.
Lemma Sum_all V n f : (0 < n)%nat -> Sum (range V n 0 V) f = Sum (inputs V n) f.
Proof. intros Hn. rewrite Sum_range by (easy || lia). destruct n as [|n]; [easy|]. simpl. lra. Qed.
Lemma Sum_range_labels V n from to f : (0 < n)%nat -> (from <= to <= V)%nat ->
  Sum (range V n from to) f = Sum (seq from (to - from)) (fun y => Sum (of_label V n y) f).
Proof.
intros Hn H. rewrite Sum_range by easy. destruct H as [H1 H2].
remember (to - from)%nat as c eqn:E. revert to E H1 H2. induction c as [|c IH]; intros to E H1 H2.
- replace to with from by lia. simpl. lra.
- destruct to as [|to]; [lia|]. rewrite seq_S, Sum_app. cbn [Sum].
  rewrite <- (IH to) by lia. replace (from + c)%nat with to by lia.
  rewrite (Sum_range V n to (S to)) by (easy || lia). lra.
Qed.
Lemma Sum_labels V n f : (0 < n)%nat -> Sum (inputs V n) f = Sum (seq 0 V) (fun y => Sum (of_label V n y) f).
Proof. intros Hn. now rewrite <- Sum_all, Sum_range_labels, Nat.sub_0_r by (easy || lia). Qed.

(** ** Sums over all inputs of a sum or a product over their tokens *)
Lemma Sum_tuples_Sum {A} n (l : list A) g :
  Sum (tuples (S n) l) (fun t => Sum t g) = INR (S n) * INR (length l) ^ n * Sum l g.
Proof.
induction n as [|n IH].
- rewrite tuples_S. simpl. rewrite (Sum_ext l _ g) by (intros; lra). lra.
- rewrite tuples_S. rewrite (Sum_ext l _ (fun a => INR (length l) ^ S n * g a + INR (S n) * INR (length l) ^ n * Sum l g)).
  + rewrite Sum_plus, Sum_scal, Sum_const. rewrite (S_INR (S n)). cbn [pow]. ring.
  + intros a _. rewrite (Sum_ext _ _ (fun t => g a + Sum t g)) by easy.
    rewrite Sum_plus, Sum_const, tuples_length, pow_INR, IH. ring.
Qed.
Lemma Sum_tuples_Prod {A} n (l : list A) g : Sum (tuples n l) (fun t => Prod t g) = Sum l g ^ n.
Proof.
induction n as [|n IH]; [simpl; lra|]. rewrite tuples_S. simpl pow.
rewrite <- Sum_scal_r. apply Sum_ext. intros a _. simpl. now rewrite Sum_scal, IH.
Qed.
