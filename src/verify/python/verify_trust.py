"""Signed statements and trust files, from section 22 of src/verify/SPEC.md alone. `question(files, at)` reads what the caller
trusts and has; `judge(asked, record)` says whose statements count. Ed25519 is RFC 8032's, with its own names."""
import base64, datetime, hashlib, json, re
import verify as v1
from verify import BYTES, HEX, N0, N1, P1, Refused, need, re_of, some, text
from verify_logs import check_logs, LOG
from verify_transcript import HASH, PHASES_1, TRANSCRIPT, TRANSCRIPT_TYPE

class Lacking(Exception): pass  # the check, and what was found
# Strict JSON in any layout (section 1)
def levels(x): return 1 + max(map(levels, x.values() if isinstance(x, dict) else x), default=0) if isinstance(x, (dict, list)) else 0
def unrepeated(pairs):
    need(len(dict(pairs)) == len(pairs), "repeated key")
    return dict(pairs)
def integer(digits):
    need(len(digits) < 18 and digits != "-0" and abs(int(digits)) < 2**53, "number")
    return int(digits)
def refuse(_): raise Refused("number")
def parse(data, shape, most):
    need(len(data) <= most, "size")
    try: x = json.loads(data.decode(), object_pairs_hook=unrepeated, parse_int=integer, parse_float=refuse, parse_constant=refuse)
    except RecursionError as error: raise Refused(error)
    v1.canonical(x)  # raises for unpaired surrogates
    need(levels(x) <= 16 and v1.fits(x, shape), "form")
    return x
def decoded(s):
    data = base64.b64decode(s, validate=True)
    need(base64.b64encode(data).decode() == s, "base64")
    return data
# Ed25519
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ZERO = -121665 * pow(121666, -1, P) % P, (0, 1, 1, 0)
def plus(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
    e, f, g, h = (b - a) % P, (d - c) % P, (d + c) % P, (b + a) % P
    return e * f % P, g * h % P, f * g % P, e * h % P
def times(k, p):
    q = ZERO
    for bit in bin(k)[2:]: q = plus(plus(q, q), p) if bit == "1" else plus(q, q)
    return q
def same(p, q): return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0
def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y % 2**255
    need(len(data) == 32 and y < P, "coordinate")
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P: x = x * pow(2, (P - 1) // 4, P) % P
    need((x * x - xx) % P == 0 and (x or not sign), "curve")
    x = P - x if x % 2 != sign else x
    p = (x, y, 1, x * y % P)
    need(not same(p, ZERO) and same(times(L, p), ZERO), "order")
    return p
BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
def check_signature(sig, message, key):
    need(len(sig) == 64, "length")
    r, s = point(sig[:32]), int.from_bytes(sig[32:], "little")
    k = int.from_bytes(hashlib.sha512(sig[:32] + key + message).digest(), "little") % L
    need(s < L and same(times(s, BASE), plus(r, times(k, point(key)))), "signature")
# Times, keys and files
def time(x):
    if not re_of("[12][0-9]{3}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z")(x): return False
    try: return (form := "%Y-%m-%dT%H:%M:%SZ") and datetime.datetime.strptime(x, form).strftime(form) == x
    except ValueError: return False
BASE64, SPKI, DSSE = re_of("[A-Za-z0-9+/]+={0,2}"), bytes.fromhex("302a300506032b6570032100"), "application/vnd.in-toto+json"
PHASE1 = {"blake2b": HASH, "name": text}
KEY = {"state": re_of("active|retired|compromised"), "since?": time}
def key_of(form): return lambda x: v1.fits(x, KEY | {"key": form}) and (x["state"] == "active") != ("since" in x)
def named(x): return isinstance(x, str) and text(x) and 0 < len(x.encode("utf-16-le")) <= 256 and x == x.strip()
PARTY = {"role?": "producer", "keys?": some(key_of(BASE64), 1, 16), "witnessKeys?": some(key_of(text), 1, 16)}
def parties(x): return isinstance(x, dict) and len(x) in range(1, 257) and all(map(named, x)) and v1.fits(
    [*x.values()], [lambda one: v1.fits(one, PARTY) and ("keys" in one or "witnessKeys" in one)])
RULE = {"what": re_of("contribution|rederivation|release"), "least": N1, "by": some(text, 1, 256)}
TRUST = {"version": "quietproof/trust/v1", "$schema?": text, "parties": parties, "rules": some(RULE, 1, 64), "phase1?": some(PHASE1, 1, 64), "logs?": some(LOG, 1, 64)}
ENVELOPE = {"payload": BASE64, "payloadType": DSSE, "signatures": ({"keyid": HEX, "sig": BASE64},)}
SIGNED, MODEL = {"signer": HEX, "date": time}, ({"name": "model", "digest": {"sha256": HEX}},)
POINTS = {"c": N0, "h": N1, "sha256": HEX}
STATEMENTS = {
    "contribution": (tuple({"name": name, "digest": {"blake2b": HASH}} for name in ("ceremony", "contribution")), {
        "index": N1, "transcript": HASH, "deltaBefore": P1, "deltaAfter": P1, "checked?": {"circuitId": HEX, "phase1": PHASE1}, "points?": {"returned": POINTS, "received?": POINTS}}),
    "rederivation": (MODEL, {"circuitId": HEX, "keyId": HEX, "source": HEX, "initialHash": HASH, "phase1": PHASE1,
                             "reservations": some(text, 0, 64), "statements?": some(HEX, 1, 1024),
                             "points?": some(POINTS | {"index": N0}, 1, 256)}),
    "release": (MODEL, {"from": time, "retires?": some(HEX, 1, 64)})}
def check_rule(rule, named):
    by, releases = rule["by"], rule["what"] == "release"
    need(len({*by}) == len(by) >= rule["least"] and {*by} <= {*named}, "parties of a rule")
    need(all(("role" in named[name]) == releases and "keys" in named[name] for name in by), "producers of a rule")
def question(o, at):
    if "trust" not in o: return None
    at("trust")
    trust, keys = parse(o["trust"], TRUST, 1 << 20), {}
    for name, party in trust["parties"].items():
        for key in party.get("keys", ()):
            spki = decoded(key["key"])
            need(spki[:12] == SPKI and point(spki[12:]), "key")
            known = hashlib.sha256(spki).hexdigest()
            need(known not in keys, "key twice")
            keys[known] = key | {"bytes": spki[12:], "party": name, "producer": "role" in party}
    check_logs(trust, decoded, point, {key["bytes"]: key["party"] for key in keys.values()})
    for rule in trust["rules"]: check_rule(rule, trust["parties"])
    kinds = {rule["what"] for rule in trust["rules"]}
    need(("contribution" in kinds) == ("rederivation" in kinds), "neither alone")
    return {"trust": trust, "keys": keys, "at": o["at"], "given": [s.encode() for s in json.loads(o.get("statements", b"[]"))]}
# Which statements count
def opened(data, keys):
    try:
        envelope = parse(data, ENVELOPE, 65536)
        payload, one = decoded(envelope["payload"]), envelope["signatures"][0]
        kind = json.loads(payload.decode())["predicateType"].removeprefix("https://quietproof.dev/attestation/").removesuffix("/v1")
        subject, predicate = STATEMENTS[kind]
        statement = v1.read(payload, {"_type": "https://in-toto.io/Statement/v1", "subject": subject, "predicate": SIGNED | predicate,
                                      "predicateType": f"https://quietproof.dev/attestation/{kind}/v1"}, v1.canonical)
        need(statement["predicate"]["signer"] == one["keyid"], "signer")
        key = keys[one["keyid"]]
        check_signature(decoded(one["sig"]), b"DSSEv1 28 " + DSSE.encode() + b" %d " % len(payload) + payload, key["bytes"])
        said = [s["digest"].get("sha256") or s["digest"]["blake2b"] for s in statement["subject"]]
        return {"kind": kind, "about": said, "key": key, "digest": hashlib.sha256(payload).hexdigest()} | statement["predicate"]
    except (Refused, ValueError, KeyError, TypeError, AttributeError, RecursionError): return None
def fits_record(s, record, steps, trust):
    ids, setup = record["ids"], record["setup"]
    if s["kind"] == "release": return ids["modelId"] in (*s["about"], *s.get("retires", ()))
    if steps is None: return False
    ptau, start = setup.get("ptau"), steps["initialHash"]
    if s["kind"] == "rederivation":
        published = {f"powersOfTau28_hez_final{'' if n == 28 else f'_{n:02}'}.ptau": digest for n, digest in enumerate(PHASES_1, 8)}
        known = published.get(s["phase1"]["name"]) == s["phase1"]["blake2b"] or s["phase1"]["blake2b"] in [
            p["blake2b"] for p in trust.get("phase1", ())]
        return known and [*s["about"], s["keyId"], s["circuitId"], s["source"], s["initialHash"], s["phase1"]] == [
            ids["modelId"], ids["keyId"], ids["circuitId"], record["manifest"]["chain"]["source"], start, ptau]
    if s["index"] > len(steps["contributions"]): return False
    step, before = steps["contributions"][s["index"] - 1], [{"deltaAfter": ["1", "2", "1"]}, *steps["contributions"]][s["index"] - 1]
    return (step["kind"] == "contribution" and s["about"] == [start, setup["contributions"][s["index"] - 1]["hash"]]
            and s["transcript"] == step["transcript"] and [s["deltaBefore"], s["deltaAfter"]] == [before["deltaAfter"], step["deltaAfter"]]
            and s.get("checked", {"circuitId": ids["circuitId"], "phase1": ptau}) == {"circuitId": ids["circuitId"], "phase1": ptau})
def in_time(s, others, at):
    key, date = s["key"], s["date"]
    if max(date, s.get("from", date)) > at or key["state"] != "active" and date >= key["since"]: return False
    return key["state"] != "compromised" or any(
        s["digest"] in w.get("statements", ()) and w["date"] < key["since"] and not w["key"]["producer"]
        and w["key"]["party"] != key["party"] and w["key"]["state"] != "compromised" and w["date"] < w["key"].get("since", "9")
        for w in others)
def confirmed(s, listed):
    if "points" not in s: return False
    there = lambda name, index: s["points"][name] | {"index": index} in listed
    return there("returned", s["index"]) and ("received" not in s["points"] or there("received", s["index"] - 1))
def judge(asked, record):
    """Names by kind; whether somebody who released this model retired it; the first check that lacks something."""
    trust, carried, steps = asked["trust"], record.get("sidecars", {}), None
    if carried.get("transcript", {}).get("type") == TRANSCRIPT_TYPE:
        try: steps = v1.read(base64.b64decode(carried["transcript"]["content"]), TRANSCRIPT, v1.canonical)
        except (Refused, ValueError): pass
    own = [base64.b64decode(s["content"]) for s in carried.get("attestations", ()) if s["type"] == ENVELOPE_TYPE]
    known = [s for s in (opened(data, asked["keys"]) for data in asked["given"] + own) if s]
    rules = {(rule["what"], name) for rule in trust["rules"] for name in rule["by"]}
    good = [s for s in known if (s["kind"], s["key"]["party"]) in rules and fits_record(s, record, steps, trust) and in_time(s, known, asked["at"])]
    listed = [p for s in good if s["kind"] == "rederivation" for p in s.get("points", ())]
    good = [s for s in good if s["kind"] != "contribution" or "checked" in s or confirmed(s, listed)]
    rivals = [(s["index"], s["key"]["party"]) for s in good if s["kind"] == "contribution"]
    good = [s for s in good if s["kind"] != "contribution" or {p for i, p in rivals if i == s["index"]} == {s["key"]["party"]}]
    model = record["ids"]["modelId"]
    counted = {(s["kind"], s["key"]["party"]) for s in good if s["kind"] != "release" or s["about"] == [model]}
    retired = any(("release", s["key"]["party"]) in counted and s["about"] != [model] for s in good if s["kind"] == "release")
    unmet = {rule["what"] for rule in trust["rules"] if sum((rule["what"], name) in counted for name in rule["by"]) < rule["least"]}
    return {"trusted": sorted(f"{what}:{name}" for what, name in counted & rules), "retired": retired, "unmet": unmet,
            "kinds": {what for what, _ in rules}}
ENVELOPE_TYPE = "application/vnd.dsse.envelope.v1+json"
