"""`proofmark describe`: from the names of tensors to a description, for every scheme; '?' where no tensor shows it; what is refused."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from generator.numpy_networks import Json, Tensors, logits, write
from proofmark_testing.context import ROOT, Context

V, d, n, C, h, m = 5, 6, 3, 4, 2, 7           # tokens, width, positions, classes, width of a head, of an MLP; 3 heads
SCHEMES = ("tutorial", "operands", "transformer-lens", "transformer-lens-4", "torch", "torch-attention")


def numbers(**shapes: tuple[int, ...]) -> Tensors:
    rng = np.random.default_rng(1)
    return {name.replace("__", "."): rng.normal(size=shape).astype("float32") for name, shape in shapes.items()}


def named(weight: str, layout: str, bias: str | None = None, **cuts: Any) -> Json:
    return {"weight": weight, "layout": layout} | cuts | ({"bias": bias} if bias else {})


def transformer_lens(norms: bool = True) -> Tensors:
    T = numbers(embed__W_E=(V, d), pos_embed__W_pos=(n, d), blocks__0__attn__W_Q=(3, d, h), blocks__0__attn__W_K=(3, d, h), blocks__0__attn__W_V=(3, d, h),
                blocks__0__attn__W_O=(3, h, d), blocks__0__attn__b_Q=(3, h), blocks__0__attn__b_O=(d,), blocks__0__mlp__W_in=(d, m), blocks__0__mlp__b_in=(m,),
                blocks__0__mlp__W_out=(m, d), blocks__0__mlp__b_out=(d,), unembed__W_U=(d, C))
    if norms:
        T |= numbers(blocks__0__ln1__w=(d,), blocks__0__ln1__b=(d,), blocks__0__ln2__w=(d,), blocks__0__ln2__b=(d,), ln_final__w=(d,), ln_final__b=(d,))
    return T


BUFFERS: Tensors = {"blocks.0.attn.mask": np.tri(n, dtype=bool), "blocks.0.attn.IGNORE": np.float32(-1e5), "unembed.b_U": np.zeros(C, "float32"),
                    "blocks.0.attn.b_K": np.zeros((3, h), "float32"), "steps": np.int64(600)}


def lens_description(norm: Any, activation: str = "gelu", scores: Any = "scaled", mask: str = "causal", positions: Any = "pos_embed.W_pos", pool: Any = "last") -> Json:
    """`norm`: of a name, or None."""
    a = "blocks.0.attn."
    head = lambda letter, bias=None: named(f"{a}W_{letter}", "heads,in,head", bias and f"{a}b_{letter}")
    part = lambda name: {"norm": norm(name)} if norm(name) else {}
    return {"positions": n, "embedding": {"tokens": named("embed.W_E", "tokens,width"), "positions": positions},
            "blocks": [{"attention": part("blocks.0.ln1") | {"heads": 3, "query": head("Q", True), "key": head("K"), "value": head("V"),
                                                             "output": named(f"{a}W_O", "heads,head,out", f"{a}b_O"), "mask": mask, "scores": scores},
                        "mlp": part("blocks.0.ln2") | {"in": named("blocks.0.mlp.W_in", "in,out", "blocks.0.mlp.b_in"), "activation": activation,
                                                       "out": named("blocks.0.mlp.W_out", "in,out", "blocks.0.mlp.b_out")}}],
            "pool": pool, "readout": [named("unembed.W_U", "in,out")]} | part("ln_final")


layer = lambda eps: lambda name: {"layer": {"eps": eps, "weight": f"{name}.w", "bias": f"{name}.b"}}
folded = lambda kind, eps: lambda name: {kind: {"eps": eps}}


def plain(embed: str, block: str, packed: bool) -> Tensors:
    shapes: dict[str, tuple[int, ...]] = {embed: (V, d), "pos_embed.weight": (n + 2, d), "unembed.weight": (C, d), "unembed.bias": (C,)}
    for i in range(2):
        b = block.format(i)
        shapes |= {f"{b}.in_proj_weight": (3 * d, d), f"{b}.in_proj_bias": (3 * d,), f"{b}.out_proj.weight": (d, d), f"{b}.out_proj.bias": (d,)} if packed else {
            f"{b}.{part}.weight": (d, d) for part in "qkvo"}
    return numbers(**{name.replace(".", "__"): shape for name, shape in shapes.items()})


def plain_description(embed: str, block: str, packed: bool) -> Json:
    def attention(b: str) -> Json:
        if packed:
            third = lambda i: named(f"{b}.in_proj_weight", "out,in", f"{b}.in_proj_bias", rows=[i * d, (i + 1) * d])
            maps = {"query": third(0), "key": third(1), "value": third(2), "output": named(f"{b}.out_proj.weight", "out,in", f"{b}.out_proj.bias")}
        else:
            maps = {part: named(f"{b}.{part[0]}.weight", "out,in") for part in ("query", "key", "value", "output")}
        return {"attention": {"heads": 3, **maps, "mask": "none", "scores": "scaled"}}
    return {"positions": n, "embedding": {"tokens": named(embed, "tokens,width"), "positions": "pos_embed.weight"},
            "blocks": [attention(block.format(i)) for i in range(2)], "pool": "mean", "readout": [named("unembed.weight", "out,in", "unembed.bias")]}


def encoder() -> tuple[Tensors, Json]:
    """torch's nn.TransformerEncoder: norms after the addition."""
    b = "encoder.layers.0"
    T = numbers(**{name.replace(".", "__"): shape for name, shape in {
        "embedding.weight": (V, d), f"{b}.self_attn.in_proj_weight": (3 * d, d), f"{b}.self_attn.in_proj_bias": (3 * d,), f"{b}.self_attn.out_proj.weight": (d, d),
        f"{b}.self_attn.out_proj.bias": (d,), f"{b}.linear1.weight": (m, d), f"{b}.linear1.bias": (m,), f"{b}.linear2.weight": (d, m), f"{b}.linear2.bias": (d,),
        f"{b}.norm1.weight": (d,), f"{b}.norm1.bias": (d,), f"{b}.norm2.weight": (d,), f"{b}.norm2.bias": (d,), "head.weight": (C, d), "head.bias": (C,)}.items()})
    norm = lambda i: {"layer": {"eps": "1e-5", "weight": f"{b}.norm{i}.weight", "bias": f"{b}.norm{i}.bias"}}
    description = plain_description("embedding.weight", f"{b}.self_attn", True)
    description["blocks"] = [{"attention": {"norm": norm(1)} | description["blocks"][0]["attention"],
                              "mlp": {"norm": norm(2), "in": named(f"{b}.linear1.weight", "out,in", f"{b}.linear1.bias"), "activation": "relu",
                                      "out": named(f"{b}.linear2.weight", "out,in", f"{b}.linear2.bias")}, "order": "post"}]
    del description["embedding"]["positions"]
    return T, description | {"readout": [named("head.weight", "out,in", "head.bias")]}


CONFIG: Json = {"n_layers": 1, "n_heads": 3, "d_head": h, "d_model": d, "d_vocab": V, "d_vocab_out": C, "n_ctx": n, "act_fn": "gelu", "eps": 1e-5, "normalization_type": "LN",
                "attention_dir": "causal", "attn_scale": h ** 0.5, "use_attn_scale": True, "positional_embedding_type": "standard", "device": "cpu", "seed": None}
LAST = ("--set", "pool=last")


def described(context: Context, name: str, T: Tensors, expected: Json | None, *arguments: Any, metadata: dict[str, str] | None = None) -> Any:
    """What it writes, which reads well: the network that is expected, as far as nothing is open."""
    assert context.generator is not None
    model, output = write(context.temporary / "model.safetensors", T, metadata), context.temporary / "model.json"
    output.unlink(missing_ok=True)
    outcome = context.generator.run("describe", model, *arguments, "--output", output)
    if not context.check.equal(outcome.exit, 0, f"describe: {name}", outcome.shown()):
        return outcome
    found = json.loads(output.read_text())
    if expected is not None:
        context.check.equal(found, expected, f"describe: {name}: the description")
        if "?" in json.dumps(expected):
            outcome_ = context.generator.run("evaluate", model, "--architecture", output, "--input", "0")
            context.check(outcome_.exit == 65 and "still has '?'" in outcome_.errors, f"describe: {name}: a draft is refused", outcome_.shown())
            return outcome
        X = np.random.default_rng(2).integers(V, size=(4, found["positions"]))
        np.savetxt(context.temporary / "t.csv", X, fmt="%d", delimiter=",")
        np.savetxt(context.temporary / "z.csv", logits(expected, T, X), fmt="%.17g", delimiter=",")
        compared = context.generator.run("evaluate", model, "--architecture", output, "--tokens", context.temporary / "t.csv", "--expect", context.temporary / "z.csv", "--tolerance", "1e-9")
        context.check.equal(compared.exit, 0, f"describe: {name}: the same function", compared.shown())
    return outcome


def config(context: Context, **changed: Any) -> tuple[str, Path]:
    path = context.temporary / "config.json"
    path.write_text(json.dumps(CONFIG | changed))
    return "--config", path


def test_tutorial(context: Context) -> None:
    T = numbers(embedding__weight=(d, V), linear__weight=(d, d), unembedding__weight=(V, d))
    expected = {"positions": 3, "embedding": {"tokens": named("embedding.weight", "width,tokens")}, "blocks": [], "pool": "sum",
                "readout": [named("linear.weight", "out,in"), named("unembedding.weight", "out,in")]}
    described(context, "tutorial", T, expected | {"positions": "?"})
    described(context, "tutorial, positions said", T, expected, "--set", "positions=3")
    described(context, "tutorial, positions recorded", T, expected, metadata={"proofmark.context": "3"})


def test_operands(context: Context) -> None:
    T = numbers(left__weight=(V, d), right__weight=(V, d), unembedding__weight=(C, d), unembedding__bias=(C,))
    expected = {"positions": 2, "embedding": {"tokens": [named("left.weight", "tokens,width"), named("right.weight", "tokens,width")]}, "blocks": [], "pool": "?",
                "readout": ["?", named("unembedding.weight", "out,in", "unembedding.bias")]}
    outcome = described(context, "operands", T, expected)
    context.check("a person must say ('?'): pool, readout[0]" in outcome.errors, "describe: operands: what is open is named", outcome.errors)
    context.check("hint: write it there, or give --set activation=relu|gelu|gelu-tanh|silu|tanh --set pool=last|sum|mean|N\n" in outcome.errors,
                  "describe: operands: what answers it is named", outcome.errors)
    described(context, "operands, said", T, expected | {"pool": "sum", "readout": ["relu", expected["readout"][1]]}, "--set", "pool=sum", "--set", "activation=relu")


def test_transformer_lens(context: Context) -> None:
    T = transformer_lens()
    described(context, "transformer-lens", T, lens_description(layer("?"), "?", "?", "?", pool="?"))
    answers = described(context, "transformer-lens, folded norms are open", transformer_lens(False), lens_description(lambda name: "?", "?", "?", "?", pool="?")).errors
    context.check("--set norm=none|layer|rms" in answers and ", or --config FILE, TransformerLens' configuration\n" in answers, "describe: transformer-lens: what answers '?' is named", answers)
    outcome = described(context, "transformer-lens, buffers", T | BUFFERS, lens_description(layer("?"), "?", "?", "causal", pool="?"))
    for words in ("biases of zeros: blocks.0.attn.b_K, unembed.b_U\n", "blocks.0.attn.IGNORE []", "blocks.0.attn.mask BOOL [3, 3]", "steps I64 []"):
        context.check(words in outcome.errors, f"describe: left out: {words!r}", outcome.errors)
    described(context, "transformer-lens, said", T | BUFFERS, lens_description(layer("1e-5")), "--set", "eps=1e-5", "--set", "activation=gelu", "--set", "scores=scaled", *LAST)
    described(context, "transformer-lens, no mask", T | {"blocks.0.attn.mask": np.ones((n, n), bool)}, lens_description(layer("?"), "?", "?", "none", pool="?"))
    described(context, "transformer-lens, no norms", transformer_lens(False), lens_description(lambda name: None, "relu", "unscaled", "causal", pool={"position": 1}),
              "--set", "norm=none", "--set", "activation=relu", "--set", "scores=unscaled", "--set", "mask=causal", "--set", "pool=1")


def test_taken_for_granted(context: Context) -> None:
    """Norms without a bias, biases after a sum, and what is said of nothing: each has a line."""
    T = transformer_lens()
    zero = T | {"ln_final.b": np.zeros(d, "float32")}
    without = lambda kind: lambda name: layer("?")(name) if name != "ln_final" else {kind: {"eps": "?", "weight": "ln_final.w"}}
    outcome = described(context, "a norm whose bias is zero", zero, lens_description(without("layer"), "?", "?", "?", pool="?"))
    context.check("biases of zeros: ln_final.b" in outcome.errors and "note:" not in outcome.errors, "describe: a bias of zeros is one", outcome.errors)
    del zero["ln_final.b"]
    outcome = described(context, "a norm without a bias", zero, lens_description(without("rms"), "?", "?", "?", pool="?"))
    context.check("note: ln_final.w has no bias, so it is taken for an RMS norm" in outcome.errors, "describe: a norm without a bias", outcome.errors)
    described(context, "a norm without a bias, said", zero, lens_description(without("layer"), "?", "?", "?", pool="?"), "--set", "norm=layer")
    outcome = described(context, "heads that the tensors show", T, None, "--set", "heads=7", *LAST)
    context.check("note: --set heads changes nothing" in outcome.errors and "set pool" not in outcome.errors, "describe: what is said of nothing", outcome.errors)
    T = numbers(embedding__weight=(d, V), linear__weight=(d, d), linear__bias=(d,), unembedding__weight=(V, d))
    outcome = described(context, "a sum with a bias", T, None)
    context.check("note: linear.bias is added once, after the sum" in outcome.errors, "describe: a sum with a bias", outcome.errors)


def test_configurations(context: Context) -> None:
    T, bare = transformer_lens(), transformer_lens(False)
    described(context, "config", T, lens_description(layer("1e-5")), *config(context), *LAST)
    described(context, "config LNPre", bare, lens_description(folded("layer", "1e-5")), *config(context, normalization_type="LNPre"), *LAST)
    described(context, "config RMSPre", bare, lens_description(folded("rms", "0.001"), "silu"), *config(context, normalization_type="RMSPre", eps=1e-3, act_fn="silu"), *LAST)
    described(context, "config without norms", bare, lens_description(lambda name: None, "gelu-tanh"), *config(context, normalization_type=None, act_fn="gelu_new"), *LAST)
    described(context, "config unscaled", bare, lens_description(lambda name: None, "relu", "unscaled", "none"),
              *config(context, normalization_type=None, act_fn="relu", use_attn_scale=False, attention_dir="bidirectional"), *LAST)
    described(context, "config with a factor", bare, lens_description(lambda name: None, "relu", {"factor": "0.125"}), *config(context, normalization_type=None, act_fn="relu", attn_scale=8), *LAST)
    described(context, "config shortformer", bare, lens_description(lambda name: None, "relu", positions={"tensor": "pos_embed.W_pos", "to": "scores"}),
              *config(context, normalization_type=None, act_fn="relu", positional_embedding_type="shortformer"), *LAST)
    parallel = lens_description(lambda name: None, "relu")
    parallel["blocks"][0]["reads"] = "block-input"
    described(context, "config parallel", bare, parallel, *config(context, normalization_type=None, act_fn="relu", parallel_attn_mlp=True), *LAST)
    described(context, "what is said goes before a config", T, lens_description(layer("1e-5"), "tanh"), *config(context), "--set", "activation=tanh", *LAST)
    outcome = described(context, "config gelu_fast", T, lens_description(layer("1e-5"), "?"), *config(context, act_fn="gelu_fast"), *LAST)
    context.check("note: gelu_fast rounds" in outcome.errors, "describe: gelu_fast is another function", outcome.errors)
    for key, value in (("act_fn", "solu_ln"), ("normalization_type", "Batch"), ("positional_embedding_type", "rotary"), ("gated_mlp", True), ("use_local_attn", True),
                       ("scale_attn_by_inverse_layer_idx", True), ("attn_scores_soft_cap", 50.0)):
        refused(context, f"config {key}", T, f"says {key} {json.dumps(value)}, which no description can say", *config(context, **{key: value}))
    for key, found in (("d_vocab", "embed.W_E"), ("d_model", "embed.W_E"), ("d_vocab_out", "unembed.W_U")):
        refused(context, f"config {key}", T, f"the configuration says {key} 99, but tensor '{found}' has shape", *config(context, **{key: 99}))
    other = context.temporary / "config.json"
    other.write_text("{}")
    refused(context, "no config", T, "is not a configuration of TransformerLens", "--config", other)


@pytest.mark.parametrize(("scheme", "embed", "block", "packed"), (
    ("transformer-lens-4", "embed.weight", "blocks.{}.attn", False), ("torch", "tok_embed.weight", "layers.{}.attn", False), ("torch-attention", "embed.weight", "attns.{}", True)))
def test_plain(context: Context, scheme: str, embed: str, block: str, packed: bool) -> None:
    T, expected = plain(embed, block, packed), plain_description(embed, block, packed)
    said = ("--set", "heads=3", "--set", "mask=none", "--set", "scores=scaled", "--set", "pool=mean", "--set", f"positions={n}")
    outcome = described(context, scheme, T, expected, *said)
    context.check(f"names of {scheme};" in outcome.errors, f"describe: {scheme} is named", outcome.errors)
    draft = json.loads(json.dumps(expected).replace('"heads": 3', '"heads": "?"').replace('"mask": "none"', '"mask": "?"').replace('"mean"', '"?"'))
    draft["positions"] = n + 2
    for one in draft["blocks"]:
        one["attention"]["scores"] = "scaled" if packed else "?"
    described(context, f"{scheme}, nothing said", T, draft)
    described(context, f"{scheme}, named", T, expected, "--like", scheme, *said)
    prefixed = {"module." + name: tensor for name, tensor in T.items()}
    refused(context, f"{scheme} with a prefix", prefixed, "all names begin with 'module.'", hint="--prefix module.")
    own = json.loads(json.dumps(expected).replace(f'"{embed}"', f'"module.{embed}"'))
    found = described(context, f"{scheme}, prefix said", prefixed, None, "--prefix", "module.", *said)
    written = json.loads((context.temporary / "model.json").read_text())
    context.check(found.exit == 0 and written["embedding"]["tokens"] == own["embedding"]["tokens"], f"describe: {scheme}: a prefix stays in the names", written)


def test_encoder(context: Context) -> None:
    T, expected = encoder()
    said = ("--set", "heads=3", "--set", "mask=none", "--set", "pool=mean", "--set", f"positions={n}", "--set", "eps=1e-5", "--set", "activation=relu")
    described(context, "nn.TransformerEncoder", T, expected, *said, "--set", "order=post")
    outcome = described(context, "nn.TransformerEncoder, order open", T, None, *said)
    context.check("a person must say ('?'): blocks[0].order\n" in outcome.errors, "describe: the order of norms is open", outcome.errors)


def refused(context: Context, name: str, T: Tensors, words: str, *arguments: Any, code: int = 65, hint: str = "") -> None:
    assert context.generator is not None
    model, output = write(context.temporary / "model.safetensors", T), context.temporary / "model.json"
    output.unlink(missing_ok=True)
    outcome = context.generator.run("describe", model, *arguments, "--output", output)
    context.check.equal((outcome.exit, outcome.output), (code, ""), f"describe: {name}: is refused", outcome.shown())
    context.check(words in outcome.errors and hint in outcome.errors, f"describe: {name}: says {words!r}, {hint!r}", outcome.errors)
    context.check(not output.exists(), f"describe: {name}: leaves nothing")


def test_refused(context: Context) -> None:
    T = transformer_lens()
    refused(context, "other names", numbers(a=(2, 2), b=(3,)), f"the names of the tensors fit no scheme ({', '.join(SCHEMES)}): a [2, 2], b [3]", hint="--like")
    refused(context, "no tensors", {}, "fit no scheme")
    both = T | numbers(embed__weight=(V, d), unembed__weight=(C, d)) | {f"more.{i}": np.ones(1, "float32") for i in range(3)}
    both = {name: tensor for name, tensor in both.items() if not name.startswith(("blocks", "pos", "ln_"))}
    refused(context, "names of two schemes", both, "the names of the tensors fit transformer-lens and transformer-lens-4 and torch", hint="--like transformer-lens or --like transformer-lens-4")
    described(context, "names of two schemes, one said", both, None, "--like", "torch")
    refused(context, "another scheme", T, "a model of torch needs tok_embed.weight, unembed.weight; this one has", "--like", "torch")
    refused(context, "an unknown scheme", T, "", "--like", "jax", code=64)
    refused(context, "a part is missing", {name: t for name, t in T.items() if not name.endswith("W_O")}, "fit no scheme")
    refused(context, "a part is missing, and which", {name: t for name, t in T.items() if not name.endswith("W_O")}, "needs blocks.0.attn.W_O", "--like", "transformer-lens")
    refused(context, "a shape", T | numbers(pos_embed__W_pos=(d, n)), "tensor 'pos_embed.W_pos' has shape [6, 3], expected [6 or more, 6] (embedding.positions)")
    refused(context, "a transposed matrix", T | {"blocks.0.mlp.W_in": T["blocks.0.mlp.W_in"].T}, "tensor 'blocks.0.mlp.W_in' has shape [7, 6], expected [6, m]", hint="it fits transposed")
    refused(context, "not a number", T | {"unembed.W_U": np.full((d, C), np.nan, "float32")}, "tensor 'unembed.W_U' is nan at [0, 0]")
    for text, words in (("activation=swish", "--set activation is 'swish', expected relu, gelu"), ("pol=last", "--set 'pol=last' is not KEY=VALUE"), ("pool", "is not KEY=VALUE"),
                        ("heads=two", "--set heads is 'two', expected a number"), ("eps=x", "--set eps is 'x', expected a decimal")):
        refused(context, text, T, words, "--set", text, code=64)
    refused(context, "a fact twice", T, "--set says pool twice", *LAST, *LAST, code=64)
    refused(context, "a pickle", {}, "", "--config", context.temporary / "nothing", code=66)
    pickle = context.temporary / "model.pt"
    pickle.write_bytes(b"PK\x03\x04" + bytes(60))
    assert context.generator is not None
    outcome = context.generator.run("describe", pickle, "--output", context.temporary / "no.json")
    context.check(outcome.exit == 65 and "torch.load(FILE" in outcome.errors and "safetensors.torch.save_file(" in outcome.errors, "describe: a .pt file", outcome.shown())


def test_streams(context: Context) -> None:
    """Standard output has the description and nothing else; and what was written is indented, a map a line."""
    assert context.generator is not None
    model = ROOT / "tests" / "models" / "mlp-s5-s2.safetensors"
    outcome = context.generator.run("describe", model, "--set", "pool=sum", "--set", "activation=relu", "--output", "-")
    context.check.equal(outcome.output, """{
  "positions": 2,
  "embedding": {
    "tokens": [
      {"weight": "left.weight", "layout": "tokens,width"},
      {"weight": "right.weight", "layout": "tokens,width"}
    ]
  },
  "blocks": [],
  "pool": "sum",
  "readout": [
    "relu",
    {"weight": "unembedding.weight", "layout": "out,in", "bias": "unembedding.bias"}
  ]
}
""", "describe: a description that people can read")
    context.check.equal(json.loads(outcome.output), json.loads((ROOT / "tests" / "models" / "mlp-s5-s2.architecture.json").read_text()), "describe: as its owner wrote it")


TO_VERIFIED: dict[str, tuple[Any, tuple[str, ...]]] = {             # tensors, what is said
    "operands": (lambda: numbers(left__weight=(V, d), right__weight=(V, d), unembedding__weight=(C, d), unembedding__bias=(C,)), ("pool=sum", "activation=relu")),
    "transformer-lens": (lambda: transformer_lens() | BUFFERS, ("eps=1e-5", "activation=gelu", "scores=scaled", "pool=last")),
    "transformer-lens-4": (lambda: plain("embed.weight", "blocks.{}.attn", False), ("heads=3", "mask=causal", "scores=scaled", "pool=last", "positions=3")),
    "torch": (lambda: plain("tok_embed.weight", "layers.{}.attn", False), ("heads=1", "mask=none", "scores=unscaled", "pool=mean", "positions=2")),
    "torch-attention": (lambda: encoder()[0], ("heads=2", "mask=none", "eps=1e-5", "activation=relu", "order=post", "pool=sum", "positions=2")),
    "tutorial": (lambda: numbers(embedding__weight=(d, V), linear__weight=(d, d), unembedding__weight=(C, d)), ("positions=2",)),
}


@pytest.mark.parametrize("scheme", TO_VERIFIED)
def test_to_verified(context: Context, scheme: str) -> None:
    """From a file to VERIFIED in three commands, whatever the names: describe, prove, verify."""
    assert context.generator is not None
    make, said = TO_VERIFIED[scheme]
    model, description, certificate = (context.temporary / name for name in ("model.safetensors", "model.json", "model.cert.json"))
    write(model, make())
    outcome = context.generator.run("describe", model, *(word for fact in said for word in ("--set", fact)), "--output", description)
    context.check(outcome.exit == 0 and f"names of {scheme};" in outcome.errors, f"to VERIFIED: {scheme}: described", outcome.shown())
    inputs = ",".join([f"0..{V}"] * json.loads(description.read_text())["positions"])
    outcome = context.generator.run("prove", model, "--architecture", description, "--inputs", inputs, "--label", f"sum-modulo:{C}", "--strategy", "enumeration", "--output", certificate)
    context.check.equal(outcome.exit, 0, f"to VERIFIED: {scheme}: proved", outcome.shown())
    outcome = context.verifier.run(certificate, "--weights", model)
    context.check.equal(outcome.verdict, "VERIFIED", f"to VERIFIED: {scheme}", outcome.shown())


@pytest.mark.parametrize(("strategy", "transposed"), (("symmetry", True), ("head-tail", True), ("near-far", False), ("placements", False)))
def test_families_by_other_names(context: Context, strategy: str, transposed: bool) -> None:
    """The strategies of token sums and of one head of attention, on models whose tensors have other names and layouts."""
    assert context.generator is not None
    model, description, certificate = (context.temporary / name for name in ("model.safetensors", "model.json", "model.cert.json"))
    if transposed:
        T = numbers(tok__weight=(V, d), middle=(d, d), out=(d, V))
        content: Json = {"positions": 2, "embedding": {"tokens": named("tok.weight", "tokens,width")}, "blocks": [], "pool": "sum",
                         "readout": [named("middle", "in,out"), named("out", "in,out")]}
    else:
        T = numbers(**{name.replace(".", "__"): shape for name, shape in {"tok.weight": (V, d), "pos": (4, d), "a.in_proj_weight": (3 * d, d), "a.out_proj.weight": (d, d),
                                                                          "head.weight": (V, d)}.items()})
        third = lambda i: named("a.in_proj_weight", "out,in", rows=[i * d, (i + 1) * d])
        content = {"positions": 2, "embedding": {"tokens": named("tok.weight", "tokens,width"), "positions": "pos"},
                   "blocks": [{"attention": {"heads": 1, "query": third(0), "key": third(1), "value": third(2), "output": named("a.out_proj.weight", "out,in"),
                                             "mask": "causal", "scores": "scaled"}}], "pool": "last", "readout": [named("head.weight", "out,in")]}
    write(model, T)
    description.write_text(json.dumps(content))
    outcome = context.generator.run("prove", model, "--architecture", description, "--inputs", f"0..{V},0..{V}", "--label", "max", "--strategy", strategy, "--output", certificate)
    context.check.equal(outcome.exit, 0, f"other names: {strategy}: proved", outcome.shown())
    outcome = context.verifier.run(certificate, "--weights", model)
    context.check.equal(outcome.verdict, "VERIFIED", f"other names: {strategy}", outcome.shown())
    context.check.equal(json.loads(certificate.read_text())["model"]["architecture"], content, f"other names: {strategy}: the owner's description")
