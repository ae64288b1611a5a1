"""Answers sealed in a log, from section 23 of src/verify/SPEC.md alone: `seal_of(bundle, leaf, context_id, asked)` checks the
log proof of a bundle and returns what a verdict says of it."""
import calendar, hashlib, re, time
import verify as v1
from verify import HEX, N0, N1, need, re_of, text
from verify_logs import note_key
from verify_trust import check_signature, decoded, point

LOG_PROOF_TYPE, NAME = "application/vnd.quietproof.log-proof+json", r"[^\s+\x00-\x1f\x7f-\x9f\ufeff]"
CONTENT = {"version": "quietproof/log-proof/v1", "entry": text, "nonce": re_of("[0-9a-f]{32}"), "proof": lambda x: isinstance(x, str)}
ENTRY = {"version": "quietproof/log-entry/v1", "kind": "answer", "time": N0, "leaf": HEX, "draw?": {"beacon": HEX, "round": N1}}
def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def number(s):
    need(re.fullmatch("0|[1-9][0-9]{0,15}", s) and int(s) < 2**53, "number")
    return int(s)
def hash_in(s):
    need(len(decoded(s)) == 32, "hash")
    return decoded(s)
# C2SP signed-note, tlog-checkpoint and tlog-proof
def read_note(s):
    end = s.rfind("\n\n")
    need(len(s) <= 65536 and not re.search("[\x00-\x09\x0b-\x1f]", s) and end > 0 and s.endswith("\n"), "note")
    lines = [re.fullmatch(f"— ({NAME}+) (\\S+)", line) for line in s[end + 2:-1].split("\n")]
    need(all(lines) and len(lines) <= 64, "signatures")
    signatures = [(line[1], decoded(line[2])) for line in lines]
    need(all(len(sig) >= 5 for _, sig in signatures), "signature")
    return s[:end + 1], [(name, sig[:4].hex(), sig[4:]) for name, sig in signatures]
def read_proof(s):
    head, gap, checkpoint = s.partition("\n\n")
    lines = head.split("\n")
    need(gap and lines.pop(0) == "c2sp.org/tlog-proof@v1", "header")
    if lines and lines[0].startswith("extra "): lines.pop(0)
    need(lines and lines[0].startswith("index ") and len(lines) <= 54, "index")
    signed, signatures = read_note(checkpoint)
    origin, size, root, *more = signed[:-1].split("\n")
    need(re.fullmatch(f"{NAME}{{1,255}}", origin) and "" not in more, "checkpoint")
    return number(lines[0][6:]), [*map(hash_in, lines[1:])], origin, number(size), hash_in(root), signed, signatures
def root_of(entry, index, size, path):
    need(index < size, "index")
    own, last, found = index, size - 1, sha(b"\0", entry)
    for sibling in path:
        need(last > 0, "path")
        if own % 2 or own == last:
            found = sha(b"\1", sibling, found)
            while own and not own % 2: own, last = own // 2, last // 2
        else: found = sha(b"\1", found, sibling)
        own, last = own // 2, last // 2
    need(last == 0, "path")
    return found
# Whose checkpoint it is
def signers(keys, signed, signatures):
    """Who has signed, and when: each of `keys` is a text and whose it is. A signature of one of them has to hold."""
    for name, known, sig in signatures:
        for key, whose in keys:
            if key.split("+")[:2] != [name, known]: continue
            raw, cosigned = decoded(key.split("+", 2)[2]), key.split("+", 2)[2].startswith("B")  # 4 in base64
            at = int.from_bytes(sig[:8], "big") if cosigned else 0
            need(at < 2**53 and len(sig) == 64 + 8 * cosigned, "signature")
            check_signature(sig[8 * cosigned:], (f"cosignature/v1\ntime {at}\n{signed}" if cosigned else signed).encode(), raw[1:])
            yield whose, at
def seconds(s): return calendar.timegm(time.strptime(s, "%Y-%m-%dT%H:%M:%SZ"))
def trusted(origin, signed, signatures, asked):
    log = next((one for one in asked["trust"].get("logs", ()) if one["origin"] == origin), None) if asked else None
    if not log: return False
    need([*signers([(key, None) for key in log["keys"]], signed, signatures)], "not signed by the log")
    watch = log.get("witnesses", {"least": 0, "by": []})
    keys = [(key["key"], (name, key)) for name in watch["by"] for key in asked["trust"]["parties"][name]["witnessKeys"]
            if key["state"] != "compromised"]
    saw = {name for (name, key), at in signers(keys, signed, signatures)
           if 0 < at <= seconds(asked["at"]) and (key["state"] == "active" or at < seconds(key["since"]))}
    return len(saw) >= watch["least"]
def seal_of(bundle, leaf, context_id, asked):
    own = bundle.get("sidecars", {}).get("logProof", {})
    if own.get("type") != LOG_PROOF_TYPE: return {}
    data = decoded(own["content"])
    need(len(data) <= 131072, "size")
    content = v1.read(data, CONTENT, v1.canonical)
    entry = content["entry"].encode()
    need(len(entry) <= 4096 and v1.read(entry, ENTRY, v1.canonical)["leaf"] == leaf, "another statement")
    index, path, origin, size, root, *signed = read_proof(content["proof"])
    need(root_of(entry, index, size, path) == root, "path")
    name = origin.encode()
    place = len(name).to_bytes(2, "big") + name + index.to_bytes(8, "big") + bytes.fromhex(content["nonce"])
    need(sha(b"quietproof/seal-context/v1", place).hex() == context_id, "context id")
    return {"seal": "pass" if trusted(origin, *signed, asked) else "claimed"}
