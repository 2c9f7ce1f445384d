(* The checkers with three kinds of numbers: binary64 of the machine (primitive floats), big integers on machine words (BigZ), and
   integers in pure Coq (Z). The precision is a number of bits; primitive floats have 53 whatever is asked. *)
From Coq Require Import PrimFloat ZArith.
From Interval.Float Require Import Basic Sig Primitive_ops Specific_ops Specific_bigint Specific_stdz.
From Proofmark Require Import Statement SymmetryChecker SymmetryUpperChecker SortedChecker BlockJensenChecker HeadTailChecker.

Module BigZ_numbers := SpecificFloat BigIntRadix2.
Module Z_numbers := SpecificFloat StdZRadix2.
Module Symmetry_primitive := SymmetryChecker PrimitiveFloat.
Module Symmetry_BigZ := SymmetryChecker BigZ_numbers.
Module Symmetry_Z := SymmetryChecker Z_numbers.
Module Symmetry_upper_primitive := SymmetryUpperChecker PrimitiveFloat.
Module Symmetry_upper_BigZ := SymmetryUpperChecker BigZ_numbers.
Module Symmetry_upper_Z := SymmetryUpperChecker Z_numbers.
Module Sorted_primitive := SortedChecker PrimitiveFloat.
Module Sorted_BigZ := SortedChecker BigZ_numbers.
Module Sorted_Z := SortedChecker Z_numbers.
Module Block_jensen_primitive := BlockJensenChecker PrimitiveFloat.
Module Block_jensen_BigZ := BlockJensenChecker BigZ_numbers.
Module Block_jensen_Z := BlockJensenChecker Z_numbers.
Module Head_tail_primitive := HeadTailChecker PrimitiveFloat.
Module Head_tail_BigZ := HeadTailChecker BigZ_numbers.
Module Head_tail_Z := HeadTailChecker Z_numbers.

Definition primitive_bits := PrimitiveFloat.PtoP.
Definition BigZ_bits := BigZ_numbers.PtoP.
Definition Z_bits := Z_numbers.PtoP.
