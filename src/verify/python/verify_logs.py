"""Logs and their witnesses in trust files, from section 22 of src/verify/SPEC.md alone: `check_logs(trust, decoded, point,
owners)` raises where they contradict themselves; `owners` says whose each key for statements is."""
import hashlib, re
from verify import N1, need, some, text

LOG = {"origin": text, "operator": text, "keys": some(text, 1, 16), "witnesses?": {"least": N1, "by": some(text, 1, 256)}}
def note_key(s, algorithm, decoded, point):
    """A key for notes (section 23): its 32 bytes."""
    name, known, encoded = s.split("+", 2)
    key = decoded(encoded)
    need(re.fullmatch(r"[^\s\x00-\x1f\x7f-\x9f\ufeff]+", name) and key[:1] == bytes([algorithm]) and point(key[1:]), "key for notes")
    need(hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8] == known, "id of a key")
    return key[1:]
def check_logs(trust, decoded, point, owners):
    named, origins = trust["parties"], set()
    for name, party in named.items():
        for key in party.get("witnessKeys", ()):
            own = note_key(key["key"], 4, decoded, point)
            need(own not in owners, "key twice")
            owners[own] = name
    for log in trust.get("logs", ()):
        asked, operator = log.get("witnesses", {"least": 0, "by": []}), log["operator"]
        need(log["origin"] not in origins and operator in named, "log")
        origins.add(log["origin"])
        for key in log["keys"]:
            need(owners.setdefault(note_key(key, 1, decoded, point), (operator,)) == (operator,), "key of a log")
        need(len({*asked["by"]}) == len(asked["by"]) >= asked["least"] and {*asked["by"]} <= {*named} - {operator}, "witnesses")
        need(all("role" not in named[name] and "witnessKeys" in named[name] for name in asked["by"]), "witnesses")
