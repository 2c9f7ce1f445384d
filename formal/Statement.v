(* What has to be trusted: task, model, mean loss, accuracy. One screen; every theorem of this folder is about these definitions.
   They are those of schema/FORMAT.md, sections 1 and 5. Nothing here is computed with: [R] are the real numbers. *)
From Coq Require Import Reals List ZArith Arith Bool QArith Qreals.
Import ListNotations.
Open Scope R_scope.

Fixpoint Sum {A} (l : list A) (f : A -> R) : R := match l with [] => 0 | x :: r => f x + Sum r f end.

(* All lists of n elements of l: for l = 0 .. V-1 the V^n inputs, each once (Inputs.v, [inputs_each_once]). *)
Fixpoint tuples {A} (n : nat) (l : list A) : list (list A) :=
  match n with O => [[]] | S m => flat_map (fun a => map (cons a) (tuples m l)) l end.
Definition inputs (V n : nat) : list (list nat) := tuples n (seq 0 V).

(* Task `max`: the label of an input is its largest token. *)
Definition label (t : list nat) : nat := fold_right Nat.max 0%nat t.

(* Family `token-sum`: M = E W U, and the logits of an input are the sum of its tokens' rows of M.
   Tensors as PyTorch keeps them: embedding.weight [d,V], linear.weight [d,d], unembedding.weight [V,d]. *)
Definition token_sum (d : nat) (embedding linear unembedding : nat -> nat -> R) (a k : nat) : R :=
  Sum (seq 0 d) (fun j => Sum (seq 0 d) (fun i => embedding i a * linear j i) * unembedding k j).
Definition logits (M : nat -> nat -> R) (t : list nat) (k : nat) : R := Sum t (fun a => M a k).

(* Cross-entropy in nats; an input is correct when its label's logit is strictly the largest. *)
Definition loss (V : nat) (M : nat -> nat -> R) (t : list nat) : R :=
  ln (Sum (seq 0 V) (fun k => exp (logits M t k))) - logits M t (label t).
Definition correct (V : nat) (M : nat -> nat -> R) (t : list nat) : bool :=
  forallb (fun k => (k =? label t)%nat || if Rlt_dec (logits M t k) (logits M t (label t)) then true else false) (seq 0 V).

(* What a certificate claims. *)
Definition mean_loss (V n : nat) (M : nat -> nat -> R) : R := Sum (inputs V n) (loss V M) / INR V ^ n.
Definition accuracy (V n : nat) (M : nat -> nat -> R) : R := INR (length (filter (correct V M) (inputs V n))) / INR V ^ n.

Inductive claim := Loss_at_most (bound : Q) | Loss_at_least (bound : Q) | Accuracy_at_least (bound : Q).
Definition holds_of (V n : nat) (M : nat -> nat -> R) (c : claim) : Prop :=
  match c with
  | Loss_at_most b => mean_loss V n M <= Q2R b
  | Loss_at_least b => mean_loss V n M >= Q2R b
  | Accuracy_at_least b => accuracy V n M >= Q2R b
  end.

(* Stored weights are dyadic numbers, m * 2^e, and are read exactly. A tensor is the list of its rows. *)
Definition dyadic := (Z * Z)%type.
Definition real (x : dyadic) : R := IZR (fst x) * powerRZ 2 (snd x).
Definition tensor := list (list dyadic).
Definition entry (T : tensor) (i j : nat) : R := real (nth j (nth i T []) (0, 0)%Z).
Definition has_shape (rows columns : nat) (T : tensor) : Prop := length T = rows /\ Forall (fun r => length r = columns) T.
Definition claimed_of_weights (V d n : nat) (embedding linear unembedding : tensor) (claims : list claim) : Prop :=
  has_shape d V embedding /\ has_shape d d linear /\ has_shape V d unembedding /\
  Forall (holds_of V n (token_sum d (entry embedding) (entry linear) (entry unembedding))) claims.
