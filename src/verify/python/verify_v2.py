"""Version 2 of the format, from sections 10 to 19 of src/verify/SPEC.md alone; what version 2 shares with version 1 is
verify.py's. `verify_bundle(files, at)` takes bundles of either version and is otherwise as there; of version 2 it also returns
statement digest, leaf, and the paths of what nobody checked."""
import base64, hashlib, itertools, json, math, struct
import verify as v1
from verify import (BUNDLE, BYTES, CLAIMS, DEC, HEX, KEY, MANIFEST, N0, N1, PROOF, R, STATEMENT, H, J, at_least, check_key,
                    check_proof, fits, hexes, input_digest, low, need, re_of, real, some, spread, text)
from verify_seal import LOG_PROOF_TYPE, seal_of
from verify_transcript import check_carried
from verify_trust import ENVELOPE_TYPE, Lacking, judge, question

# Section 1 again, since keys inside of `other` may be any: Python sorts by code point, the format by UTF-16 code unit.
def ordered(x):
    if isinstance(x, list): return [*map(ordered, x)]
    if not isinstance(x, dict): return x
    return {k: ordered(x[k]) for k in sorted(x, key=lambda k: k.encode("utf-16-be"))}
def canonical(x): return json.dumps(ordered(x), separators=(",", ":"), ensure_ascii=False).encode()
def file_form(x): return (json.dumps(ordered(x), indent=2, ensure_ascii=False) + "\n").encode()
def inside(x): return [*x.values()] if isinstance(x, dict) else x if isinstance(x, list) else []
def levels(x): return 1 + max(map(levels, inside(x)), default=0) if isinstance(x, (dict, list)) else 0
def read(data, shape, form=file_form): return v1.read(data, lambda x: levels(x) <= 16 and fits(x, shape), form)
# Section 12
def plain(x): return all(map(plain, inside(x))) if isinstance(x, (dict, list)) else (
    x is None or isinstance(x, (bool, str)) or type(x) is int and abs(x) < 2**53)
def other(x): return isinstance(x, dict) and len(x) in range(1, 65) and fits([*x], [re_of("[A-Za-z][A-Za-z0-9-]{0,63}")]) and plain(x)
def plus(shape): return shape | {"other?": other}
def each(item): return lambda x: fits(x, [item]) and len({*x}) > 1 if isinstance(x, list) else fits(x, item)
def kinds(table, common={}):
    return lambda x: (isinstance(x, dict) and isinstance(x.get("kind"), str) and x["kind"] in table
                      and fits(x, common | table[x["kind"]] | {"kind": text}))
# Section 14
SIGNED, TEXTS, ROW, SELECTION = re_of("0|-?[1-9][0-9]{0,77}"), some(text), {"index": N0}, {"selection": re_of("auto|given")}
HEAD, AXES, NAME = re_of("none|sigmoid"), some(N0, 0, 8), re_of("[a-z0-9][a-z0-9.+-]{0,31}")
SCORES = {"lo": each(SIGNED), "max": each(DEC), "scale": real, "unit?": text}
OUTPUT = kinds({"label": {"count": N1, "names?": TEXTS, "rule": kinds({"argmax": {}, "threshold": {"threshold": real, "head": HEAD}})},
                "category": {"values": TEXTS}, "score": SCORES | {"lo": SIGNED, "max": DEC, "head": HEAD},
                "vector": SCORES | {"count": at_least(2), "head": re_of("none|sigmoid|softmax"), "names?": TEXTS}}, plus({"name": text}))
ENCODING = kinds({"affine": {"axes": AXES, "offset": each(real), "step": each(real), "max": each(DEC), "nan?": re_of("coded")},
                  "integer": {"axes": AXES, "lo": each(SIGNED), "max": each(DEC)}, "rank32": {"nan": re_of("refused|coded")},
                  "category": {"values": TEXTS, "unknown": re_of("refused|coded")}})
PART = plus({"name": text, "shape": some(N1, 0, 8), "encoding": ENCODING, "names?": TEXTS, "units?": TEXTS})
INTERFACE = plus({"version": "quietproof/interface/v2", "name": text, "weights": kinds({"constants": {}}), "outputs": some(OUTPUT, 1, 1024),
                  "input": plus({"mode": re_of("digest|public"), "parts": some(PART, 1, 1024)})})
CONTRACT = {"flips": real, "error": real}
MEASURED = plus({"contract": CONTRACT, "rows": N1, "flips?": {"count": N0, "upper": real}, "error?": real})
QUALITY = kinds({"judged": MEASURED, "loss-accepted": MEASURED, "not-judged": plus({"contract?": CONTRACT, "rows": N0})})
SETUP = kinds({"development": plus({}), "ceremony": plus({"ptau?": {"blake2b": BYTES, "name": text}, "transcript?": HEX, "contributions":
               some({"name": text, "hash": BYTES, "kind": re_of("contribution|beacon")}, 1, 1024)})})
MANIFEST = {k: s for k, s in MANIFEST.items() if k != "weights"} | plus({
    "version": "quietproof/manifest/v2", "source": {"format": NAME, "file": text, "producer?": text}, "claims?": plus(CLAIMS),
    "quantization": kinds({"none": {}, "per-layer": SELECTION, "uniform": SELECTION | dict.fromkeys(
        ("weightBits", "inputBits", "activationBits"), N1)})})
WHATS = ("model", "key", "transcript", "statement", "sidecar")
SIDECAR = plus({"about": {"what": re_of("|".join(WHATS)), "sha256": HEX}, "type": re_of(
    "[a-z0-9][a-z0-9.+-]{0,62}/[a-z0-9][a-z0-9.+-]{0,126}"), "content": lambda x: re_of("[A-Za-z0-9+/]+={0,2}")(x) and len(x) <= 349528})
def sidecars(single): return plus({single + "?": SIDECAR} | dict.fromkeys(("attestations?", "timestamps?"), some(SIDECAR, 1, 64)))
RECORD = plus({"version": "quietproof/model/v2", "ids": hexes("circuitId", "keyId", "modelId"), "interface": INTERFACE, "manifest":
               MANIFEST, "quality": QUALITY, "setup": SETUP, "verificationKey": KEY, "sidecars?": sidecars("transcript")})
BUNDLE = plus({"version": "quietproof/bundle/v2", "statement": BUNDLE["statement"], "proof": PROOF, "publicSignals":
               some(DEC, 1, 65536), "model?": RECORD, "row?": ROW, "sidecars?": sidecars("logProof")})
STATEMENT = STATEMENT | {"predicateType": "https://quietproof.dev/attestation/inference/v2",
                         "predicate": plus({"manifest": HEX, "salt": HEX, "contextId?": HEX})}
OPENING = plus({"version": "quietproof/opening/v2", "modelId": HEX, "digest": DEC, "salt": DEC, "values": some(N0), "input?": TEXTS,
                "row?": ROW})
# Section 13
def H2(tag, data): return hashlib.sha256(f"quietproof/{tag}/v2".encode() + data)
def J2(tag, x): return H2(tag, canonical(x)).hexdigest()
# Sections 15 and 16: the interface, and the maxima of signals and features
INFINITE = 0x7F800000  # bits of the float32 ∞
def features(part): return math.prod(part["shape"])
def at(x, group): return x[group] if isinstance(x, list) else x
def groups(part):
    shape, axes = part["shape"], part["encoding"].get("axes", [])
    for c in itertools.product(*map(range, shape)):
        group = 0
        for a in axes: group = group * shape[a] + c[a]
        yield group
def maxima(part):
    enc = part["encoding"]
    if enc["kind"] == "rank32": return [2 * INFINITE + (enc["nan"] == "coded")] * features(part)
    if enc["kind"] == "category": return [len(enc["values"]) - (enc["unknown"] == "refused")] * features(part)
    return [int(at(enc["max"], g)) for g in groups(part)]
def different(values): return len({*values}) == len(values)
def listed(x, count): return not isinstance(x, list) or len(x) == count
def check_output(out):
    kind, n = out["kind"], out.get("count", 1)
    if kind == "category": need(different(out["values"]), "values"); return [len(out["values"]) - 1]
    need(listed(out.get("names"), n), "names")
    if kind == "label": need(out["rule"]["kind"] == "argmax" or n == 2, "threshold of two"); return [n - 1]
    need(float(out["scale"]) > 0 and listed(out["lo"], n) and listed(out["max"], n), "scale, lo or max")
    need(all(int(m) < R for m in spread(out["max"], 1)), "max")
    return [*map(int, spread(out["max"], n))]
def check_part(part, digest):
    enc, n, shape = part["encoding"], features(part), part["shape"]
    need(listed(part.get("names"), n) and listed(part.get("units"), n), "names or units")
    if enc["kind"] == "category": need(different(enc["values"]) and maxima(part)[0] >= 1, "values")
    if "axes" not in enc: return
    axes, lists = enc["axes"], [x for k, x in enc.items() if k != "axes" and isinstance(x, list)]
    need(axes == sorted({*axes}) and all(a < len(shape) for a in axes) and (lists or not axes), "axes")
    count = math.prod(shape[a] for a in axes)
    need(all(len(x) == count for x in lists), "an entry for each group")
    for g in range(count if lists else 1):
        top = int(at(enc["max"], g))
        need(1 <= top < 2**53, "max")
        if enc["kind"] == "affine":
            step, offset = float(at(enc["step"], g)), float(at(enc["offset"], g))
            need(step > 0 and math.isfinite(offset + step * top) and not (digest and top & (top + 1)), "step or max")
        else: need(all(abs(int(at(enc["lo"], g)) + x) < 2**53 for x in (0, top)), "lo or max")
def check_quality(q):
    contract, flips, error = q.get("contract"), q.get("flips"), q.get("error")
    most, span = [float(x) for x in (contract["flips"], contract["error"])] if contract else (0, 0)
    upper, error = float(flips["upper"] if flips else 0), float(error or 0)
    need(min(most, span, upper, error) >= 0 and most <= 1 and upper <= 1, "reals of the quality")
    need(not flips or flips["count"] <= q["rows"] and upper >= flips["count"] / q["rows"], "count and upper")
    if q["kind"] == "not-judged": return
    need(flips or "error" in q, "nothing measured")
    need((q["kind"] == "judged") == (upper <= most and error <= span), "not what the contract says")
def check_interface(face):
    outs, parts, digest = face["outputs"], face["input"]["parts"], face["input"]["mode"] == "digest"
    need(different([o["name"] for o in outs]) and different([p["name"] for p in parts]), "names")
    count = sum(map(features, parts))
    need(count <= 1048576, "features")
    need(sum(o["count"] if o["kind"] == "vector" else 1 for o in outs) + (1 if digest else count) + 1 <= 65536, "signals")
    limits = [m for o in outs for m in check_output(o)]
    for p in parts: check_part(p, digest)
    inputs = [m for p in parts for m in maxima(p)]
    return limits + ([R - 1] if digest else inputs) + [2**248 - 1], inputs
# Section 17
def encode_one(x, enc, g):
    kind, number = enc["kind"], type(x) in (int, float) and math.isfinite(x)
    if kind == "category":
        need(isinstance(x, str), "not a text")
        return enc["values"].index(x) if x in enc["values"] else len(enc["values"]), 0
    if kind == "rank32" and x in ("Infinity", "-Infinity", "NaN"):
        return {"Infinity": 2 * INFINITE, "-Infinity": 0, "NaN": 2 * INFINITE + 1}[x], 0
    gap = kind == "affine" and "nan" in enc and int(at(enc["max"], g))
    if gap and x == "NaN": return gap, 0
    need(number, "not a number")
    if kind == "integer":
        need(x == math.floor(x) and abs(x) < 2**53, "not an integer")
        return int(x) - int(at(enc["lo"], g)), 0
    if kind == "rank32":
        bits, = struct.unpack("<I", struct.pack("<f", x))  # raises OverflowError where x rounds to an infinity
        f, = struct.unpack("<f", struct.pack("<I", bits))
        m = bits & 0x7FFFFFFF
        return INFINITE + (-m if bits >> 31 else m), abs(x - f) / 2.0**(max(m >> 23, 1) - 150)
    v = (float(x) - float(at(enc["offset"], g))) / float(at(enc["step"], g))
    need(math.isfinite(v), "out of range")
    u = math.floor(v) + (v - math.floor(v) >= 0.5)
    return -1 if gap and u >= gap else u, abs(v - u)  # no number has the place of a missing value
def encode(row, parts, inputs):
    need(isinstance(row, list) and len(row) == len(inputs), "length of the row")
    places = [(p["encoding"], g) for p in parts for g in groups(p)]
    found = [encode_one(x, *place) for x, place in zip(row, places)]
    need(all(0 <= u <= m for (u, _), m in zip(found, inputs)), "row out of range")
    return [u for u, _ in found], [t for _, t in found]
def row_of_texts(texts, parts):
    of = [p["encoding"] for p in parts for _ in range(features(p))]
    need(len(texts) == len(of), "length of the input")
    words = {"rank32": ("Infinity", "-Infinity", "NaN"), "affine": ("NaN",)}
    keep = [e["kind"] == "category" or s in words.get(e["kind"], ()) and e.get("nan") is not None for s, e in zip(texts, of)]
    need(all(k or real(s) for s, k in zip(texts, keep)), "a real")
    return [s if k else float(s) for s, k in zip(texts, keep)]
def check_input(o, face, inputs, signals):
    if not {"input", "opening"} & {*o}: raise KeyError("input")  # a tolerance, and nothing to measure
    parts, values, deviations, opening = face["input"]["parts"], [*signals[len(signals) - 1 - len(inputs):-1]], None, {}
    if face["input"]["mode"] == "digest":
        opening = read(o["opening"], OPENING)
        values, salt = opening["values"], int(opening["salt"])
        need(len(values) == len(inputs) and salt < 2**128 and all(v <= m for v, m in zip(values, inputs)), "opening")
        need(input_digest(values, [m.bit_length() for m in inputs], salt) == signals[-2] == int(opening["digest"]), "digest")
        if "input" in opening:
            encoded, deviations = encode(row_of_texts(opening["input"], parts), parts, inputs)
            need(encoded == values, "row of the opening")
    else: need("input" in o and "opening" not in o, "nothing to open")
    if "input" in o:
        encoded, deviations = encode(json.loads(o["input"], parse_constant=int), parts, inputs)
        need(encoded == values, "another row")
    if "tolerance" in o and deviations is None: raise KeyError("input")
    need("tolerance" not in o or max(deviations) <= float(o["tolerance"]), "beyond the tolerance")
    return opening
# Section 18. An object's sidecars: path, what they may be about, and the sidecar
def flat(own, whats):
    found = []
    for place in ("attestations", "logProof", "timestamps", "transcript"):
        content = own.get(place, [])
        for i, one in enumerate(content if isinstance(content, list) else [content]):
            found.append((f"{place}[{i}]" if isinstance(content, list) else place, whats[isinstance(content, list)], one))
    return found
def check_sidecars(found, ids):
    contents = [base64.b64decode(one["content"], validate=True) for _, _, one in found]
    need(all(base64.b64encode(c).decode() == one["content"] for c, (_, _, one) in zip(contents, found)), "base64")
    digests = [H2("sidecar", c).hexdigest() for c in contents]
    for i, (path, whats, one) in enumerate(found):
        what, sha256 = one["about"]["what"], one["about"]["sha256"]
        need(what in whats and sha256 in (digests[:i] + digests[i + 1:] if what == "sidecar" else [ids.get(what)]), "about")
        need(path != "transcript" or digests[i] == ids.get("transcript"), "another transcript")
# Section 16: the checks; what was not checked
def others(x, path):
    for key, value in x.items() if isinstance(x, dict) else enumerate(x) if isinstance(x, list) else ():
        if key == "other" and isinstance(value, dict): yield from (f"{path}other.{name}" for name in value)
        else: yield from others(value, f"{path}{key}." if isinstance(x, dict) else f"{path[:-1]}[{key}].")
def verify_bundle(o, at):
    at("format")
    try: version = json.loads(o["bundle"].decode())["version"]
    except (ValueError, TypeError, KeyError, RecursionError): version = None
    return (verify_v2 if version == "quietproof/bundle/v2" else v1.verify_bundle)(o, at)
def verify_v2(o, at):
    trust = question(o, at); at("format"); bundle = read(o["bundle"], BUNDLE)
    at("model-record"); record = bundle["model"] if "model" in bundle else read(o["companion"], RECORD)
    ids, face, manifest, setup, key, quality = (record[k] for k in (
        "ids", "interface", "manifest", "setup", "verificationKey", "quality"))
    part = {"circuitId": manifest["chain"]["circuit"], "keyId": J("key", key)}
    need(ids == part | {"modelId": J2("model", part | {"interface": face, "quality": quality, "setup": setup})}, "ids")
    at("interface"); limits, inputs = check_interface(face); check_quality(quality)
    at("statement"); payload = base64.b64decode(bundle["statement"]["payload"], validate=True)
    need(base64.b64encode(payload).decode() == bundle["statement"]["payload"], "base64")
    statement, signals = read(payload, STATEMENT, canonical), bundle["publicSignals"]
    at("binding"); subject, predicate = [s["digest"]["sha256"] for s in statement["subject"]], statement["predicate"]
    need(subject == [ids["modelId"], J("public-signals", signals)] and predicate["manifest"] == J2("manifest", manifest), "binding")
    at("sidecars"); said = H2("statement", payload)
    own = flat(record.get("sidecars", {}), (WHATS[1:2], WHATS[:3] + WHATS[4:]))
    theirs = flat(bundle.get("sidecars", {}), (WHATS[3:4], WHATS[3:]))
    check_sidecars(own, {"model": ids["modelId"], "key": ids["keyId"], "transcript": setup.get("transcript")})
    check_sidecars(theirs, {"statement": said.hexdigest()})
    at("model"); need(o.get("model", ids["modelId"]) == ids["modelId"], "another model")
    found = judge(trust, record) if trust else {"retired": False, "unmet": (), "kinds": ()}; need(not found["retired"], "retired")
    at("key"); check_key(v1.canonical(key), len(limits))
    at("setup"); need(setup["kind"] == "development" or "contribution" in [c["kind"] for c in setup["contributions"]], "setup")
    need(setup["kind"] == "ceremony" or "rederivation" not in found["kinds"], "a development key")
    checked, vouched = check_carried(record), "rederivation" in found["kinds"] and not {"contribution", "rederivation"} & found["unmet"]
    trusted = {"setup": "pass" if checked and vouched else "claimed"} if setup["kind"] == "ceremony" else {}
    trusted |= {"trusted": found["trusted"]} if trust else {}; at("signals"); signals = tuple(map(int, signals))
    need(len(signals) == len(limits) and all(s <= m for s, m in zip(signals, limits)), "signals")
    at("context"); asked = bytes.fromhex(o.get("context", ""))
    mine = H2("context", bytes.fromhex(predicate["contextId"]) + asked) if "contextId" in predicate else H("context", asked)
    need("context" not in o or signals[-1] == low(mine), "context")
    at("seal"); trusted |= seal_of(bundle, H2("leaf", said.digest()).hexdigest(), predicate.get("contextId"), trust); at("input"); check = lambda: check_proof(v1.canonical(key), signals, bundle["proof"], at)
    try: opening = check_input(o, face, inputs, signals) if {"input", "opening", "tolerance"} & {*o} else {}
    except KeyError as error: check(); opening = error  # what is missing matters only where everything else holds
    else: check()
    if found["unmet"]: raise Lacking("model" if "release" in found["unmet"] else "setup", trusted)
    if isinstance(opening, KeyError): raise opening
    paths = [f"model.sidecars.{path}" for path, _, one in own if not (
        checked and path == "transcript" or trust and one["type"] == ENVELOPE_TYPE and path.startswith("attestations"))] + [f"sidecars.{path}" for path, _, one in theirs if (path, one["type"]) != ("logProof", LOG_PROOF_TYPE)] + [
        *others(bundle | {"model": record}, ""), *others(statement, "statement."), *others(opening, "opening.")]
    if "transcript" in setup and "transcript" not in record.get("sidecars", {}): paths.append("model.setup.transcript")
    return "model" in o or "release" in found["kinds"], {"modelId": ids["modelId"], "recordId": J2("record", {"modelId": ids["modelId"], "publicSignals":
            bundle["publicSignals"]}), "statement": said.hexdigest(), "leaf": H2("leaf", said.digest()).hexdigest(),
            "unchecked": sorted(paths)} | trusted
