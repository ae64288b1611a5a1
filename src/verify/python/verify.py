"""A second verifier for Quietproof bundles, written only from src/verify/SPEC.md, with its terms.
`verify_bundle(files, at)` and `verify_proof(files, at)` take the bytes of each file by name and call `at` with the name of
each check before it; they return whether a model was pinned, and the findings. `conformance.py` is the command line."""
import base64, functools, hashlib, json, math, re
from decimal import Decimal
from bn254 import (FQ, FQ2, FQ12, G2, add, b, b2, curve_order as R, field_modulus as Q, final_exponentiate,
                                    is_inf, is_on_curve, multiply, neg, normalize, pairing)
class Refused(Exception): pass
def need(condition, why):
    if not condition: raise Refused(why)
# Section 1: encodings. Comparing with the re-encoded bytes excludes repeated keys and odd numbers; a shape excludes nesting.
def canonical(x): return json.dumps(x, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
def file_form(x): return (json.dumps(x, sort_keys=True, indent=2, ensure_ascii=False) + "\n").encode()
def read(data, shape, form=file_form):
    try:
        need(len(data) <= 1048576, "size")
        x = json.loads(data.decode())
        need(fits(x, shape) and form(x) == data, "not the canonical form")
        return x
    except (ValueError, RecursionError) as error: raise Refused(error)
def ecma(x):  # as ECMAScript's Number::toString writes a double
    return format(Decimal(repr(x + 0.0)).normalize(), "f" if x == 0 or 1e-6 <= abs(x) < 1e21 else "e")
# Section 3. A shape is a test, a value, a dict ("x?" may be missing), a tuple (its items) or a list of one (any number).
def fits(x, shape):
    if isinstance(shape, dict):
        need(isinstance(x, dict) and all(k in x for k in shape if k[-1] != "?"), "missing key")
        need(all(k[-1:] != "?" and (k in shape or k + "?" in shape) for k in x), "unknown key")
        return all(fits(v, shape.get(k, shape.get(k + "?"))) for k, v in x.items())
    if isinstance(shape, (list, tuple)):
        need(isinstance(x, list) and (isinstance(shape, list) or len(x) == len(shape)), "not a list of the right length")
        return all(fits(v, s) for v, s in zip(x, shape * len(x) if isinstance(shape, list) else shape))
    need(shape(x) if callable(shape) else type(x) is type(shape) and x == shape, "wrong value " + repr(x)[:40])
    return True
def re_of(pattern): return lambda x: isinstance(x, str) and bool(re.fullmatch(pattern, x))
def at_least(least): return lambda x: type(x) is int and least <= x < 2**53
def or_list(item): return lambda x: fits(x, [item] if isinstance(x, list) else item)
def some(item, least=1, most=1 << 20): return lambda x: fits(x, [item]) and least <= len(x) <= most
def real(x): return isinstance(x, str) and len(x) <= 32 and math.isfinite(float(x)) and ecma(float(x)) == x
def text(x): return isinstance(x, str) and len(x.encode("utf-16-le")) <= 2048 and not re.search(
    "[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", x)
def tools(x): return isinstance(x, dict) and len(x) <= 64 and fits([*x], [TOOL]) and fits([*x.values()], [text])
def output(x): return isinstance(x, dict) and x.get("kind") in [*OUTPUTS] and fits(x, OUTPUTS[x["kind"]] | {"kind": text})
def hexes(*names): return dict.fromkeys(names, HEX)
DEC, HEX, BYTES = re_of("0|[1-9][0-9]{0,77}"), re_of("[0-9a-f]{64}"), re_of("([0-9a-f]{2}){1,64}")
TOOL, P1, P2, N0, N1 = re_of("[A-Za-z0-9@][A-Za-z0-9@/._-]{0,63}"), (DEC,) * 3, ((DEC, DEC),) * 3, at_least(0), at_least(1)
PROOF = {"protocol": "groth16", "curve": "bn128", "pi_a": P1, "pi_b": P2, "pi_c": P1}
KEY = {"protocol": "groth16", "curve": "bn128", "nPublic": N0, "vk_alpha_1": P1, "IC": some(P1)} | dict.fromkeys(
    ("vk_beta_2", "vk_gamma_2", "vk_delta_2"), P2)
SETUP = {"kind": re_of("development|ceremony"), "ptau?": {"blake2b": BYTES, "name": text}, "contributions":
         some({"name": text, "hash": BYTES, "kind": re_of("contribution|beacon")}, 0, 1024)}
CLAIMS = {"accuracy?": {"rows": N0, "labelFlips": N0, "floatAccuracy?": real, "integerAccuracy?": real}, "soundness?":
          {"verdict": re_of("proved|counterexample|unknown|skipped"), "record?": HEX}, "producer?": text, "date?": text, "note?": text}
MANIFEST = {"version": "quietproof/manifest/v1", "source": {"format": re_of("onnx|tfjs"), "file": text, "producer?": text},
            "chain": hexes("source", "integerGraph", "circom", "circuit"), "bounds": HEX, "accuracy?": HEX, "constraints": N0,
            "quantization": {"weightBits": N1, "inputBits": N1, "activationBits": N1, "selection": re_of("auto|given")},
            "weights": "constants", "tools": tools, "claims?": CLAIMS}
OUTPUTS = {"argmax": {"count": N1, "names?": [text]},
           "threshold": {"threshold": real, "head": re_of("none|sigmoid"), "names?": (text, text)},
           "logits": {"count": N1, "lo": [re_of("0|-?[1-9][0-9]{0,77}")], "scale": real, "head": re_of("none|sigmoid|softmax"),
                      "names?": [text], "unit?": text}}
INPUT = {"mode": re_of("digest|public"), "shape": some(N1, 0, 8), "names?": [text], "units?": [text], "encoding":
         {"kind": "affine", "offset": or_list(real), "step": or_list(real), "max": or_list(DEC)}}
SIGNAL = {"role": re_of("output|input|digest|context"), "count": N1, "max": or_list(DEC)}
INTERFACE = {"version": "quietproof/interface/v1", "name": text, "output": output, "input": INPUT,
             "context": {"encoding": "quietproof/context/v1"}, "signals": (SIGNAL,) * 3}
RECORD = {"version": "quietproof/model/v1", "interface": INTERFACE, "manifest": MANIFEST, "setup": SETUP, "verificationKey": KEY,
          "ids": hexes("circuitId", "keyId", "modelId")}
BUNDLE = {"version": "quietproof/bundle/v1", "proof": PROOF, "publicSignals": some(DEC), "model?": RECORD, "statement":
          {"payloadType": "application/vnd.in-toto+json", "payload": re_of("[A-Za-z0-9+/]+={0,2}"), "signatures": ()}}
STATEMENT = {"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://quietproof.dev/attestation/inference/v1",
             "subject": ({"name": "model", "digest": hexes("sha256")}, {"name": "public-signals", "digest": hexes("sha256")}),
             "predicate": hexes("circuitId", "keyId", "interface", "manifest") | {"context": DEC, "row": {"index": N0}}}
OPENING = {"version": "quietproof/opening/v1", "modelId": HEX, "row": {"index": N0}, "digest": DEC, "salt": DEC, "values": some(N0),
           "input?": some(real)}
# Sections 2, 5 and 6: hashes, input encoding, input digest
def H(tag, data): return hashlib.sha256(f"quietproof/{tag}/v1".encode() + data)
def J(tag, x): return H(tag, canonical(x)).hexdigest()
def low(hashed): return int(hashed.hexdigest()[2:], 16)
def spread(x, count): return x if isinstance(x, list) else [x] * count
def encode(row, enc, n):
    need(len(row) == n and all(type(x) in (int, float) for x in row), "row")
    us = [(float(x) - float(o)) / float(s) + 0.5 for x, o, s in zip(row, spread(enc["offset"], n), spread(enc["step"], n))]
    need(all(math.isfinite(u) and 0 <= math.floor(u) <= int(m) for u, m in zip(us, spread(enc["max"], n))), "row out of range")
    return [math.floor(u) for u in us]
@functools.lru_cache
def poseidon_parameters(t):
    rounds = 8 + (56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68)[t - 2]
    state = [int(c) for c in f"{1:02b}{0:04b}{254:012b}{t:012b}{8:010b}{rounds - 8:010b}" + "1" * 30]
    def bit():
        state.append(state[62] ^ state[51] ^ state[38] ^ state[23] ^ state[13] ^ state.pop(0))
        return state[-1]
    def sample():
        kept = ""
        while len(kept) < 254: kept += bit() * str(bit())
        return int(kept, 2)
    constants = [bit() for _ in range(160)][:0]
    while len(constants) < rounds * t: constants += [c for c in [sample()] if c < R]
    xy = [sample() % R for _ in range(2 * t)]
    return rounds, constants, [[pow(x + y, -1, R) for y in xy[t:]] for x in xy[:t]]
def poseidon(inputs):
    rounds, constants, matrix = poseidon_parameters(len(inputs) + 1)
    state = [0, *inputs]
    for k in range(rounds):
        state = [(s + c) % R for s, c in zip(state, constants[k * len(state):])]
        state = [pow(s, 5, R) if i == 0 or not 4 <= k < rounds - 4 else s for i, s in enumerate(state)]
        state = [sum(m * s for m, s in zip(line, state)) % R for line in matrix]
    return state[0]
def input_digest(values, widths, salt):
    elements, filled = [salt], 254
    for value, width in zip(values, widths):
        if filled + width > 253: elements, filled = elements + [0], 0
        elements[-1], filled = elements[-1] + (value << filled), filled + width
    h = low(H("digest", canonical({"count": len(values), "widths": widths})))
    return functools.reduce(lambda h, at: poseidon([h, *elements[at:at + 15]]), range(0, len(elements), 15), h)
# Section 4: the checks
def point(p, g2):
    coordinates = [[int(c) for c in xy] for xy in p] if g2 else [[int(c)] for c in p]
    need(all(c < Q for xy in coordinates for c in xy) and coordinates[2] == [1, 0][:1 + g2], "coordinates, or at infinity")
    need(is_on_curve(p := tuple(FQ2(c) if g2 else FQ(c[0]) for c in coordinates), b2 if g2 else b), "curve")
    need(not g2 or is_inf(multiply(p, R)), "subgroup")
    return p
@functools.lru_cache
def check_key(key_json, count):
    key = json.loads(key_json)
    need(key["nPublic"] == count and len(key["IC"]) == count + 1, "IC count")
    alpha, ic = point(key["vk_alpha_1"], 0), [point(p, 0) for p in key["IC"]]
    beta, gamma, delta = (point(key[f"vk_{name}_2"], 1) for name in ("beta", "gamma", "delta"))
    need(normalize(gamma) == normalize(G2) and len({p[0] for p in key["IC"]}) == len(ic), "gamma, or equal IC points")
    p, known = G2, set()
    for _ in range(256): known, p = known | {str(normalize(p)[0])}, add(p, G2)  # x of k·γ, 0 < k ≤ 256
    for giant in (multiply(G2, 512), neg(multiply(G2, 512))):
        p = delta
        for _ in range(130): need(not is_inf(p) and str(normalize(p)[0]) not in known, "known delta"); p = add(p, giant)
    return ic, delta, pairing(beta, alpha, False)
@functools.lru_cache
def check_equation(key_json, signals, proof_json):
    (ic, delta, product), proof = check_key(key_json, len(signals)), json.loads(proof_json)
    total = ic[0]
    for s, p in zip(signals, ic[1:]): total = add(total, multiply(p, s))
    product *= pairing(G2, total, False) * pairing(delta, point(proof["pi_c"], 0), False)
    return final_exponentiate(product * pairing(point(proof["pi_b"], 1), neg(point(proof["pi_a"], 0)), False)) == FQ12.one()
def check_interface(interface):
    out, inp, enc = interface["output"], interface["input"], interface["input"]["encoding"]
    features, digest, kind = math.prod(inp["shape"]), inp["mode"] == "digest", out["kind"]
    for x in (inp.get("names"), inp.get("units"), *enc.values()): need(not isinstance(x, list) or len(x) == features, "features")
    need(all(float(s) > 0 for s in spread(enc["step"], 1)) and float(out.get("scale", 1)) > 0, "step or scale")
    need(all(0 < m < 2**53 and not (digest and m & (m + 1)) for m in map(int, spread(enc["max"], 1))), "encoding max")
    for x in (out.get("names"), out.get("lo")): need(x is None or len(x) == out.get("count", 2), "names or lo")
    limits, top = [], {"logits": interface["signals"][0]["max"], "argmax": out.get("count", 0) - 1, "threshold": 1}[kind]
    for group, (role, count, top) in zip(interface["signals"], (("output", out["count"] if kind == "logits" else 1, top), (
            "digest", 1, R - 1) if digest else ("input", features, enc["max"]), ("context", 1, 2**248 - 1))):
        need(group["role"] == role and group["count"] == count <= 1 << 17, "signal group")
        limit, wanted = ([int(m) for m in spread(x, count)] for x in (group["max"], top))
        need(limit == wanted and len(limit) == count and max(limit) < R, "range")
        limits += limit
    return limits
def check_input(o, inp, signals):
    enc, n, values = inp["encoding"], math.prod(inp["shape"]), list(signals)
    if inp["mode"] == "digest":
        opening, limits = read(o["opening"], OPENING), [int(m) for m in spread(enc["max"], n)]
        (digest,), values, salt = values, opening["values"], int(opening["salt"])
        need(len(values) == n and salt < 2**128 and all(v <= m for v, m in zip(values, limits)), "opening")
        need(input_digest(values, [m.bit_length() for m in limits], salt) == digest == int(opening["digest"]), "digest")
        need("input" not in opening or encode([float(x) for x in opening["input"]], enc, n) == values, "row of the opening")
    else: need("input" in o, "nothing to open")
    need("input" not in o or encode(json.loads(o["input"]), enc, n) == values, "another row")
def verify_bundle(o, at):
    at("format"); bundle = read(o["bundle"], BUNDLE)
    at("model-record"); record = bundle["model"] if "model" in bundle else read(o["companion"], RECORD)
    ids, interface, manifest, setup, key = (record[k] for k in ("ids", "interface", "manifest", "setup", "verificationKey"))
    part = {"circuitId": manifest["chain"]["circuit"], "keyId": J("key", key)}
    need(ids == part | {"modelId": J("model", part | {"interface": interface, "setup": setup})}, "ids")
    at("interface"); limits = check_interface(interface)
    at("statement"); payload = base64.b64decode(bundle["statement"]["payload"], validate=True)
    need(base64.b64encode(payload).decode() == bundle["statement"]["payload"], "base64")
    statement, signals = read(payload, STATEMENT, canonical), bundle["publicSignals"]
    at("binding"); subject, bound = [s["digest"]["sha256"] for s in statement["subject"]], statement["predicate"]
    need(subject == [ids["modelId"], J("public-signals", signals)] and bound == part | {"interface": J("interface", interface),
         "manifest": J("manifest", manifest), "context": signals[-1], "row": bound["row"]}, "binding")
    at("model"); need(o.get("model", ids["modelId"]) == ids["modelId"], "another model")
    at("key"); check_key(canonical(key), len(limits))
    at("setup"); need(setup["kind"] == "development" or "contribution" in [c["kind"] for c in setup["contributions"]], "setup")
    at("signals"); signals = tuple(map(int, signals))
    need(len(signals) == len(limits) and all(s <= m for s, m in zip(signals, limits)), "signals")
    at("context"); need("context" not in o or signals[-1] == low(H("context", bytes.fromhex(o["context"]))), "context")
    at("input"); check = lambda: check_proof(canonical(key), signals, bundle["proof"], at)
    try: o.keys() & {"input", "opening"} and check_input(o, interface["input"], signals[interface["signals"][0]["count"]:-1])
    except KeyError: check(); raise  # a missing opening matters only where everything else holds
    check()
    return "model" in o, {"modelId": ids["modelId"], "recordId": hashlib.sha256(payload).hexdigest()}
def verify_proof(o, at):
    at("format"); key, signals, proof = read(o["key"], KEY), read(o["public"], some(DEC)), read(o["proof"], PROOF)
    at("key"); check_key(canonical(key), key["nPublic"])
    at("signals"); need(len(signals) == key["nPublic"] and all(int(s) < R for s in signals), "signals")
    check_proof(canonical(key), tuple(map(int, signals)), proof, at)
    return True, {}
def check_proof(key, signals, proof, at):
    at("points"); [point(proof[name], name == "pi_b") for name in ("pi_a", "pi_b", "pi_c")]
    at("proof"); need(check_equation(key, signals, canonical(proof)), "equation")
