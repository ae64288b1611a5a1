"""BN254 and its optimal ate pairing in plain Python, with the names of py_ecc.optimized_bn128 that the verifier uses, so
that it needs nothing but Python itself. `test_bn254.py` compares it with py_ecc. For public values only: not constant time.

Numbers: FQ is Z/q, FQ2 is FQ[i]/(i^2 + 1), FQ12 is FQ2[w]/(w^6 - 9 - i). Points are projective, (x : y : z) with infinity
at z = 0, of y^2 z = x^3 + b z^3 over FQ (G1) or FQ2 (G2, the twist by 9 + i)."""
field_modulus = Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583
curve_order = 21888242871839275222246405745257275088548364400416034343698204186575808495617
ATE_LOOP = 29793968203157093288  # 6t + 2 for the curve's t = 4965661367192848881

class FQ:
    def __init__(self, n): self.n = int(n) % Q
    @classmethod
    def one(cls): return cls(1)
    def __eq__(self, other): return self.n == as_fq(other).n
    def __hash__(self): return hash(self.n)
    def __repr__(self): return str(self.n)
    def __add__(self, other): return FQ(self.n + as_fq(other).n)
    def __sub__(self, other): return FQ(self.n - as_fq(other).n)
    def __mul__(self, other): return FQ(self.n * as_fq(other).n)
    def __truediv__(self, other): return FQ(self.n * pow(as_fq(other).n, -1, Q))
    def __neg__(self): return FQ(-self.n)
    def __pow__(self, e): return FQ(pow(self.n, e, Q))
    __rmul__ = __mul__
def as_fq(x): return x if isinstance(x, FQ) else FQ(x)

class FQ2:
    def __init__(self, coefficients): self.a, self.b = (int(c) % Q for c in coefficients)
    @classmethod
    def one(cls): return cls((1, 0))
    @property
    def coeffs(self): return self.a, self.b
    def __eq__(self, other): return (self.a, self.b) == (other.a, other.b)
    def __hash__(self): return hash((self.a, self.b))
    def __repr__(self): return str((self.a, self.b))
    def __add__(self, other): return FQ2((self.a + other.a, self.b + other.b))
    def __sub__(self, other): return FQ2((self.a - other.a, self.b - other.b))
    def __mul__(self, other):
        if isinstance(other, int): return FQ2((self.a * other, self.b * other))
        return FQ2((self.a * other.a - self.b * other.b, self.a * other.b + self.b * other.a))
    def inverse(self):
        norm = pow(self.a * self.a + self.b * self.b, -1, Q)
        return FQ2((self.a * norm, -self.b * norm))
    def __truediv__(self, other): return self * other.inverse()
    def __neg__(self): return FQ2((-self.a, -self.b))
    def __pow__(self, e): return power(self, e, FQ2.one())
    def conjugate(self): return FQ2((self.a, -self.b))
    __rmul__ = __mul__

class FQ12:
    """Six coefficients in FQ2, as pairs of integers below q, of 1, w, … w^5."""
    def __init__(self, pairs): self.pairs = tuple(pairs)
    @classmethod
    def one(cls): return cls([(1, 0)] + [(0, 0)] * 5)
    def __eq__(self, other): return self.pairs == other.pairs
    def __mul__(self, other):
        real, imaginary = [0] * 12, [0] * 12
        for i, (a, b) in enumerate(self.pairs):
            if a == b == 0: continue
            for j, (c, d) in enumerate(other.pairs, i):
                real[j] += a * c - b * d
                imaginary[j] += a * d + b * c
        return FQ12([((real[k] + 9 * real[k + 6] - imaginary[k + 6]) % Q,  # w^6 = 9 + i
                      (imaginary[k] + 9 * imaginary[k + 6] + real[k + 6]) % Q) for k in range(6)])
    def __pow__(self, e): return power(self, e, FQ12.one())

def power(base, e, one):
    result = one
    for bit in bin(e)[2:]:
        result = result * result
        if bit == "1": result = result * base
    return result

TWIST = FQ2((9, 1))
b, b2 = FQ(3), FQ2((3, 0)) / TWIST
G1 = (FQ(1), FQ(2), FQ(1))
G2 = (FQ2((10857046999023057135944570762232829481370756359578518086990519993285655852781,
           11559732032986387107991004021392285783925812861821192530917403151452391805634)),
      FQ2((8495653923123431417604973247489272438418190587263600148770280649306958101930,
           4082367875863433681332203403145435568316851327593401208105741076214120093531)), FQ2.one())

def is_inf(p): return p[2] == p[2] - p[2]
def is_on_curve(p, b):
    x, y, z = p
    return y * y * z - x * x * x == b * z * z * z
def normalize(p): return p[0] / p[2], p[1] / p[2]
def neg(p): return p[0], -p[1], p[2]
def eq(p, q): return p[0] * q[2] == q[0] * p[2] and p[1] * q[2] == q[1] * p[2]
def double(p):
    x, y, z = p
    w, s = 3 * x * x, y * z
    t = x * y * s
    h = w * w - 8 * t
    return 2 * h * s, w * (4 * t - h) - 8 * y * y * s * s, 8 * s * s * s
def add(p, q):
    if is_inf(p): return q
    if is_inf(q): return p
    (x1, y1, z1), (x2, y2, z2) = p, q
    u, v = y2 * z1 - y1 * z2, x2 * z1 - x1 * z2
    if v == v - v: return double(p) if u == v else (type(x1).one(), type(x1).one(), v)
    vv, w = v * v, z1 * z2
    vvv, r = vv * v, vv * x1 * z2
    a = u * u * w - vvv - 2 * r
    return v * a, u * (r - a) - vvv * y1 * z2, vvv * w
def multiply(p, n):
    result = (type(p[0]).one(), type(p[0]).one(), p[2] - p[2])
    for bit in bin(n)[2:] if n else "":
        result = double(result)
        if bit == "1": result = add(result, p)
    return result

def line(q, slope, x, y):
    """At (x, y) of G1, the line through the point q of the twist, which lies at (q.x w^2, q.y w^3) over FQ12."""
    pairs = [(-y % Q, 0), (slope * x).coeffs, (0, 0), (q[1] - slope * q[0]).coeffs, (0, 0), (0, 0)]
    return FQ12(pairs)
def step(f, r, q, x, y):
    """Multiplies f by the line through r and q, or the tangent, and returns the sum too; all affine."""
    slope = 3 * r[0] * r[0] / (2 * r[1]) if r == q else (q[1] - r[1]) / (q[0] - r[0])
    x3 = slope * slope - r[0] - q[0]
    return f * line(r, slope, x, y), (x3, slope * (r[0] - x3) - r[1])
def frobenius(q): return q[0].conjugate() * TWIST ** ((Q - 1) // 3), q[1].conjugate() * TWIST ** ((Q - 1) // 2)
def pairing(q, p, final=True):
    if is_inf(p) or is_inf(q): return FQ12.one()
    (x, y), q = (c.n for c in normalize(p)), normalize(q)
    f, r = FQ12.one(), q
    for bit in bin(ATE_LOOP)[3:]:
        f, r = step(f * f, r, r, x, y)
        if bit == "1": f, r = step(f, r, q, x, y)
    q1 = frobenius(q)
    x2, y2 = frobenius(q1)
    f, r = step(f, r, q1, x, y)
    f, _ = step(f, r, (x2, -y2), x, y)
    return final_exponentiate(f) if final else f
def final_exponentiate(f): return f ** ((Q ** 12 - 1) // curve_order)
