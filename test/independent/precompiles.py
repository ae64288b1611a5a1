"""Compares bn254.py with go-ethereum's test vectors for the precompiles: python3 precompiles.py <folder of the vectors>."""
import json, pathlib, sys
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "src/verify/python"))
from bn254 import FQ, FQ2, FQ12, add, b, b2, final_exponentiate, is_inf, is_on_curve, multiply, normalize, pairing

def words(data, count):
    """Numbers of 32 bytes; missing bytes are zeros, more are ignored (EIP-196)."""
    data = data.ljust(32 * count, b"\0")
    return [int.from_bytes(data[32 * i:32 * i + 32], "big") for i in range(count)]
def g1(x, y):
    if x == y == 0: return FQ(1), FQ(1), FQ(0)
    p = FQ(x), FQ(y), FQ(1)
    assert is_on_curve(p, b)
    return p
def g2(x1, x0, y1, y0):  # the imaginary part comes first (EIP-197)
    if x0 == x1 == y0 == y1 == 0: return FQ2.one(), FQ2.one(), FQ2((0, 0))
    p = FQ2((x0, x1)), FQ2((y0, y1)), FQ2.one()
    assert is_on_curve(p, b2)
    return p
def encoded(p): return bytes(64) if is_inf(p) else b"".join(c.n.to_bytes(32, "big") for c in normalize(p))
def added(data):
    x1, y1, x2, y2 = words(data, 4)
    return encoded(add(g1(x1, y1), g1(x2, y2)))
def multiplied(data):
    x, y, n = words(data, 3)
    return encoded(multiply(g1(x, y), n))
def paired(data):
    product = FQ12.one()
    for at in range(0, len(data), 192):
        w = words(data[at:], 6)
        product = product * pairing(g2(*w[2:]), g1(*w[:2]), False)
    return int(final_exponentiate(product) == FQ12.one()).to_bytes(32, "big")

checked, wrong = 0, []
for name, computed in (("bn256Add", added), ("bn256ScalarMul", multiplied), ("bn256Pairing", paired)):
    for vector in json.loads((pathlib.Path(sys.argv[1]) / (name + ".json")).read_text()):
        checked += 1
        if computed(bytes.fromhex(vector["Input"])) != bytes.fromhex(vector["Expected"]): wrong.append(vector["Name"])
print(json.dumps({"checked": checked, "wrong": wrong}))
