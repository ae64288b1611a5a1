"""The transcript of a ceremony, from section 21 of src/verify/SPEC.md alone. `check_carried(record)` returns whether the record
carries one, and raises Refused if that does not lead to its key."""
import base64, functools, hashlib, json, struct
import verify as v1
from verify import BYTES, N0, P1, P2, Q, R, need, point, re_of, some, text
from bn254 import FQ2, FQ12, G1, G2, add, b2, eq, final_exponentiate, multiply, neg, normalize, pairing

HASH = re_of("[0-9a-f]{128}")
STEPS = {"name": text, "deltaAfter": P1, "g1S": P1, "g1Sx": P1, "g2Spx": P2, "transcript": HASH}
KINDS = {"contribution": {}, "beacon": {"beacon": {"hash": re_of("([0-9a-f]{2}){1,255}"), "iterationsExponent": N0}}}
def contribution(x): return isinstance(x, dict) and x.get("kind") in [*KINDS] and v1.fits(x, STEPS | KINDS[x["kind"]] | {"kind": text})
TRANSCRIPT = {"version": "quietproof/transcript/v1", "phase1?": {"blake2b": BYTES, "name": text}, "initialHash": HASH,
              "contributions": some(contribution, 1, 1024)}
TRANSCRIPT_TYPE = "application/vnd.quietproof.transcript.v1+json"
# Random points
QUARTERS = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15), (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))
def stream(key):
    state = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574, *struct.unpack(">8I", key[:32]), 0, 0, 0, 0]
    while True:
        x = state[:]
        for a, b, c, d in QUARTERS * 10:
            for into, add_, mix, bits in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                x[into] = (x[into] + x[add_]) % 2**32
                mixed = x[mix] ^ x[into]
                x[mix] = (mixed << bits | mixed >> 32 - bits) % 2**32
        yield from ((u + v) % 2**32 for u, v in zip(x, state))
        state[12] += 1
def element(words, m):
    while True:
        w = [next(words) for _ in range(8)]
        v = sum((2**32 * w[2 * i] + w[2 * i + 1]) << 64 * i for i in range(4)) % 2**254
        if v < m: return v * pow(2, -256, m) % m
def root(x):  # q is 3 modulo 4
    y = pow(x, (Q + 1) // 4, Q)
    return y if y * y % Q == x % Q else None
def root2(c0, c1):  # of c0 + c1·u: (y0 + y1·u)² = y0² − y1² + 2·y0·y1·u, so y0² = (c0 ± √(c0² + c1²)) / 2
    norm = root(c0 * c0 + c1 * c1)
    if norm is None: return None
    half = pow(2, -1, Q)
    y0 = root((c0 + norm) * half)
    if y0 is None: y0 = root((c0 - norm) * half)
    return y0, c1 * pow(2 * y0, -1, Q) % Q
def point_of_g1(words):
    while True:
        x, w = element(words, Q), next(words)
        y = root(x**3 + 3)
        if y is not None: return v1.FQ(x), v1.FQ(y if (y > Q // 2) == (w % 2 == 1) else -y), v1.FQ(1)
def point_of_g2(words):
    while True:
        x, w = FQ2([element(words, Q), element(words, Q)]), next(words)
        y = root2(*map(int, (x * x * x + b2).coeffs))
        if y is None: continue
        if ((y[1] or y[0]) > Q // 2) != (w % 2 == 1): y = [-c for c in y]
        return multiply((x, FQ2([*y]), FQ2.one()), 2 * Q - R)
# The checks
def blake2b(*parts): return hashlib.blake2b(b"".join(parts))
def data(p): return b"".join(int(c).to_bytes(32, "big") for xy in p[:2] for c in (reversed(xy) if isinstance(xy, list) else [xy]))
def public_key(c): return b"".join([*map(data, (c["deltaAfter"], c["g1S"], c["g1Sx"], c["g2Spx"])), bytes.fromhex(c["transcript"])])
def ratio(a1, x1, a2, x2):  # e(a1, x2) = e(x1, a2)
    return final_exponentiate(pairing(x2, a1, False) * pairing(a2, neg(x1), False)) == FQ12.one()
def check_beacon(beacon, g1_s, g1_sx):
    key = bytes.fromhex(beacon["hash"])
    for _ in range(2**beacon["iterationsExponent"]): key = hashlib.sha256(key).digest()
    words = stream(key)
    secret = element(words, R)
    need(eq(point_of_g1(words), g1_s) and eq(multiply(g1_s, secret), g1_sx), "beacon")
def check_phase1(phase1, key):
    published = {f"powersOfTau28_hez_final{'' if n == 28 else f'_{n:02}'}.ptau": digest for n, digest in enumerate(PHASES_1, 8)}
    if phase1["name"] not in published and phase1["blake2b"] not in PHASES_1: return
    need(published.get(phase1["name"]) == phase1["blake2b"], "another phase 1")
    need(key["vk_alpha_1"] == ALPHA and key["vk_beta_2"] == BETA, "alpha or beta")
@functools.lru_cache
def check_transcript(content, setup_json, key_json):
    setup, key = json.loads(setup_json), json.loads(key_json)
    transcript = v1.read(content, TRANSCRIPT, v1.canonical)
    need(transcript.get("phase1") == setup.get("ptau"), "phase 1")
    if "ptau" in setup: check_phase1(setup["ptau"], key)
    steps = transcript["contributions"]
    points = [[point(c[name], name == "g2Spx") for name in ("deltaAfter", "g1S", "g1Sx", "g2Spx")] for c in steps]
    before = [bytes.fromhex(transcript["initialHash"])]
    for c in steps:
        need(blake2b(*before, data(c["g1S"]), data(c["g1Sx"])).hexdigest() == c["transcript"], "hash")
        before.append(public_key(c))
    exponents = [c["beacon"]["iterationsExponent"] for c in steps if c["kind"] == "beacon"]
    need(all(10 <= e <= 20 for e in exponents) and sum(2**e for e in exponents) <= 2**20, "iterations")
    for c, (_, g1_s, g1_sx, _) in zip(steps, points):
        if c["kind"] == "beacon": check_beacon(c["beacon"], g1_s, g1_sx)
    delta = G1
    for c, (after, g1_s, g1_sx, g2_spx) in zip(steps, points):
        hashed = point_of_g2(stream(bytes.fromhex(c["transcript"])))
        need(ratio(g1_s, g1_sx, hashed, g2_spx), "proof of knowledge")
        need(ratio(delta, after, hashed, g2_spx), "factor of delta")
        delta = after
    need(ratio(G1, delta, G2, point(key["vk_delta_2"], 1)), "delta of another key")
    listed = [{"name": c["name"], "kind": c["kind"], "hash": blake2b(public_key(c)).hexdigest()} for c in steps]
    need(listed == setup["contributions"], "contributions")
def check_carried(record):
    carried = record.get("sidecars", {}).get("transcript", {})
    if carried.get("type") != TRANSCRIPT_TYPE: return False
    check_transcript(base64.b64decode(carried["content"]), json.dumps(record["setup"]), json.dumps(record["verificationKey"]))
    return True
ALPHA = ["20491192805390485299153009773594534940189261866228447918068658471970481763042",
         "9383485363053290200918347156157836566562967994039712273449902621266178545958", "1"]
BETA = [["6375614351688725206403948262868962793625744043794305715222011528459656738731",
         "4252822878758300859123897981450591353533073413197771768651442665752259397132"],
        ["10505242626370262277552901082094356697409835680220590971873171140371331206856",
         "21847035105528745403288232691147584728191162732299865338377159692350059136679"], ["1", "0"]]
PHASES_1 = """
d6a8fb3a04feb600096c3b791f936a578c4e664d262e4aa24beed1b7a9a96aa5eb72864d628db247e9293384b74b36ffb52ca8d148d6e1b8b51e279fdf57b583
94f108a80e81b5d932d8e8c9e8fd7f46cf32457e31462deeeef37af1b71c2c1b3c71fb0d9b59c654ec266b042735f50311f9fd1d4cadce47ab234ad163157cb5
6cfeb8cda92453099d20120bdd0e8a5c4e7706c2da9a8f09ccc157ed2464d921fd0437fb70db42104769efd7d6f3c1f964bcf448c455eab6f6c7d863e88a5849
47c282116b892e5ac92ca238578006e31a47e7c7e70f0baa8b687f0a5203e28ea07bbbec765a98dcd654bad618475d4661bfaec3bd9ad2ed12e7abc251d94d33
ded2694169b7b08e898f736d5de95af87c3f1a64594013351b1a796dbee393bd825f88f9468c84505ddd11eb0b1465ac9b43b9064aa8ec97f2b73e04758b8a4a
58efc8bf2834d04768a3d7ffcd8e1e23d461561729beaac4e3e7a47829a1c9066d5320241e124a1a8e8aa6c75be0ba66f65bc8239a0542ed38e11276f6fdb4d9
eeefbcf7c3803b523c94112023c7ff89558f9b8e0cf5d6cdcba3ade60f168af4a181c9c21774b94fbae6c90411995f7d854d02ebd93fb66043dbb06f17a831c1
982372c867d229c236091f767e703253249a9b432c1710b4f326306bfa2428a17b06240359606cfe4d580b10a5a1f63fbed499527069c18ae17060472969ae6e
6a6277a2f74e1073601b4f9fed6e1e55226917efb0f0db8a07d98ab01df1ccf43eb0e8c3159432acd4960e2f29fe84a4198501fa54c8dad9e43297453efec125
6247a3433948b35fbfae414fa5a9355bfb45f56efa7ab4929e669264a0258976741dfbe3288bfb49828e5df02c2e633df38d2245e30162ae7e3bcca5b8b49345
7e6a9c2e5f05179ddfc923f38f917c9e6831d16922a902b0b4758b8e79c2ab8a81bb5f29952e16ee6c5067ed044d7857b5de120a90704c1d3b637fd94b95b13e
bca9d8b04242f175189872c42ceaa21e2951e0f0f272a0cc54fc37193ff6648600eaf1c555c70cdedfaf9fb74927de7aa1d33dc1e2a7f1a50619484989da0887
89a66eb5590a1c94e3f1ee0e72acf49b1669e050bb5f93c73b066b564dca4e0c7556a52b323178269d64af325d8fdddb33da3a27c34409b821de82aa2bf1a27b
9aef0573cef4ded9c4a75f148709056bf989f80dad96876aadeb6f1c6d062391f07a394a9e756d16f7eb233198d5b69407cca44594c763ab4a5b67ae73254678
0d64f63dba1a6f11139df765cb690da69d9b2f469a1ddd0de5e4aa628abb28f787f04c6a5fb84a235ec5ea7f41d0548746653ecab0559add658a83502d1cb21b
3063a0bd81d68711197c8820a92466d51aeac93e915f5136d74f63c394ee6d88c5e8016231ea6580bec02e25d491f319d92e77f5c7f46a9caa8f3b53c0ea544f
fa404d140d5819d39984833ca5ec3632cd4995f81e82db402371a4de7c2eae8687c62bc632a95b0c6aadba3fb02680a94e09174b7233ccd26d78baca2647c733
0377d860cdb09a8a31ea1b0b8c04335614c8206357181573bf294c25d5ca7dff72387224fbd868897e6769f7805b3dab02854aec6d69d7492883b5e4e5f35eeb
418dee4a74b9592198bd8fd02ad1aea76f9cf3085f206dfd7d594c9e264ae919611b1459a1cc920c2f143417744ba9edd7b8d51e44be9452344a225ff7eead19
10ffd99837c512ef99752436a54b9810d1ac8878d368fb4b806267bdd664b4abf276c9cd3c4b9039a1fa4315a0c326c0e8e9e8fe0eb588ffd4f9021bf7eae1a1
55c77ce8562366c91e7cda394cf7b7c15a06c12d8c905e8b36ba9cf5e13eb37d1a429c589e8eaba4c591bc4b88a0e2828745a53e170eac300236f5c1a326f41a
""".split()
