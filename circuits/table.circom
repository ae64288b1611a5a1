pragma circom 2.2.0;

include "dot.circom";

/*
 * Table: an affine layer with constant weights at one position, then any function of the rounded sum.
 *
 * Proves   with v = bias[r] + Σ_t weights[r][t] · in[t] + Σ_d scales[d][r] · in[taps + d·rows + r], out[r] is given by
 *          form[r] = [kind, N, signed, guards, p, base, slope, d0, d1, d2, dLeast, dVaries, lo]:
 *            0 constant   out = 0
 *            1 direct     v = Σ_k 2^k·bit_k over 0 ≤ k < N, and s is the top bit if signed = 1
 *            2 mirrored   (1 − 2·s)·v − s = Σ_k 2^k·bit_k over 0 ≤ k < N: the magnitude, and s = [v < 0]
 *          Bits shift … shift + i − 1 are the index of polynomial p, and `guards` bits follow. The index's f lowest bits
 *          are the rest x, the next l and h ones the segment. P = P_0 + x·(P_1 + x·(… P_g)) with P_k = Σ_H m_H·A_kH and
 *          A_kH = Σ_L coefficients[p][(k·2^h + H)·2^l + L]·m_L, m_L and m_H products of the segment's l low and h high
 *          bits. With D = d0 + d1·index + d2·P and inside = P (direct) or P − s·D (mirrored),
 *          out = inside − lo where all guards are 0 and s = 1 if signed; else out = base + slope·s − lo
 * Inputs   in: wires; `bias` includes their bases and the offset of the form
 * Params   packed[r], digitBits, leastWeight: weights[r], packed as packedDot reads them
 *          halves[p] = [l, h, f, g, t_1 … t_g], t_k: the least value of what is multiplied by x^k; least[p][k·2^h + H]:
 *          that of A_kH; dLeast: that of D; isRead[p]: flags of the monomials of the low bits, then of the high bits, then
 *          of the products m_H·A_kH that take a constraint
 * Ranges   enforced: 0 ≤ v < 2^N (direct), −2^N ≤ v < 2^N (mirrored). The bits are unique because N ≤ 53. An input out
 *          of range has no witness
 * Output   rows wires, each the value minus its proved minimum, so never negative
 * Cost     N + 1 (mirrored: N + 2), 1 per flag in isRead, g for the products with x, 1 per guard (and for `signed`) after
 *          the first, 1 for s·D if mirrored with guards, 1 for the output: the last product is the output's where nothing
 *          follows it
 */
template Table(
    rows, taps, packed, digitBits, leastWeight, diagonals, scales, bias,
    shift, form, halves, isRead, least, coefficients
) {
    var signCount = 0;
    var bitCount = 0;
    var guardCount = 0;
    var monomialCount = 0;
    var productCount = 0;
    var mirrorCount = 0;
    for (var r = 0; r < rows; r++) {
        if (form[r][0] > 0) {
            var p = form[r][4];
            var lows = 2 ** halves[p][0];
            var highs = 2 ** halves[p][1];
            var factors = form[r][2] + form[r][3];
            bitCount += form[r][1];
            if (form[r][0] == 2) {
                signCount += 1;
            }
            if (factors > 1) {
                guardCount += factors - 1;
            }
            for (var m = 0; m < lows + highs; m++) {
                monomialCount += isRead[p][m];
            }
            var products = halves[p][3];
            for (var m = 0; m < (halves[p][3] + 1) * highs; m++) {
                products += isRead[p][lows + highs + m];
            }
            // The last product is the output's own constraint if nothing follows it.
            if (products > 0 && factors == 0 && form[r][11] == 0) {
                products -= 1;
            }
            productCount += products;
            if (factors > 0 && form[r][11] == 1) {
                mirrorCount += 1;
            }
        }
    }

    signal input in[taps + diagonals * rows];
    signal output out[rows];
    signal sign[signCount];
    signal bit[bitCount];
    signal guard[guardCount];
    signal monomial[monomialCount];
    signal product[productCount];
    signal mirror[mirrorCount];

    // The weights' least value times all values, so that digits are not negative. Padded to whole groups of digits.
    var values[4 * ((taps + 3) \ 4)];
    for (var t = 0; t < taps; t++) {
        values[t] = in[t];
    }
    var leastPart = leastWeight * sumOf(taps, values);

    var nextSign = 0;
    var nextBit = 0;
    var nextGuard = 0;
    var nextMonomial = 0;
    var nextProduct = 0;
    var nextMirror = 0;
    for (var r = 0; r < rows; r++) {
        if (form[r][0] == 0) {
            out[r] <== 0;
        } else {
            var N = form[r][1];
            var isMirrored = form[r][0] == 2 ? 1 : 0;
            var p = form[r][4];
            var lowBits = halves[p][0];
            var highBits = halves[p][1];
            var lows = 2 ** lowBits;
            var highs = 2 ** highBits;
            var fine = halves[p][2];
            var degree = halves[p][3];
            var factors = form[r][2] + form[r][3];
            var lo = form[r][12];

            var v = bias[r];
            if (taps > 0) {
                v += packedDot(taps, packed[r], digitBits, values) + leastPart;
            }
            for (var d = 0; d < diagonals; d++) {
                v += scales[d][r] * in[taps + d * rows + r];
            }

            // The sign s, and the number that is decomposed.
            var s = 0;
            var magnitude = v;
            if (isMirrored == 1) {
                // SAFETY: boolean by the next line; (1 − 2s)·v − s ≥ 0 below then leaves s = [v < 0] only.
                sign[nextSign] <-- v < 0 ? 1 : 0;
                sign[nextSign] * (sign[nextSign] - 1) === 0;
                s = sign[nextSign];
                magnitude = (1 - 2 * s) * v - s;
                nextSign++;
            }
            var sum = 0;
            var power = 1;
            for (var k = 0; k < N; k++) {
                // SAFETY: the next line makes it boolean; the sum of the bits below then determines all N bits.
                bit[nextBit + k] <-- (magnitude >> k) & 1;
                bit[nextBit + k] * (bit[nextBit + k] - 1) === 0;
                sum += power * bit[nextBit + k];
                power += power;
            }
            if (isMirrored == 1) {
                v * (1 - 2 * s) === sum + s;
            } else {
                sum === v;
                if (form[r][2] == 1) {
                    s = bit[nextBit + N - 1];
                }
            }

            var index = 0;
            var rest = 0;
            var indexPower = 1;
            for (var k = 0; k < fine + lowBits + highBits; k++) {
                index += indexPower * bit[nextBit + shift + k];
                indexPower += indexPower;
                if (k + 1 == fine) {
                    rest = index;
                }
            }

            // Monomials of the segment's low bits, then of its high bits: at most 8 bits each.
            var segmentFrom = nextBit + shift + fine;
            var low[256];
            low[0] = 1;
            for (var k = 0; k < lowBits; k++) {
                for (var m = 0; m < 2 ** k; m++) {
                    var mask = 2 ** k + m;
                    low[mask] = 0;
                    if (m == 0) {
                        low[mask] = bit[segmentFrom + k];
                    } else if (isRead[p][mask] == 1) {
                        monomial[nextMonomial] <== low[m] * bit[segmentFrom + k];
                        low[mask] = monomial[nextMonomial];
                        nextMonomial++;
                    }
                }
            }
            var high[256];
            high[0] = 1;
            for (var k = 0; k < highBits; k++) {
                for (var m = 0; m < 2 ** k; m++) {
                    var mask = 2 ** k + m;
                    high[mask] = 0;
                    if (m == 0) {
                        high[mask] = bit[segmentFrom + lowBits + k];
                    } else if (isRead[p][lows + mask] == 1) {
                        monomial[nextMonomial] <== high[m] * bit[segmentFrom + lowBits + k];
                        high[mask] = monomial[nextMonomial];
                        nextMonomial++;
                    }
                }
            }

            // The parts from P_g to P_0, then Horner's scheme. The last product is left open if it is the output's own.
            var products = degree;
            for (var m = 0; m < (degree + 1) * highs; m++) {
                products += isRead[p][lows + highs + m];
            }
            var isLast = products > 0 && factors == 0 && form[r][11] == 0 ? 1 : 0;
            var lastLeft = 0;
            var lastRight = 0;
            var part[3];
            for (var k = degree; k >= 0; k--) {
                part[k] = 0;
                for (var L = 0; L < lows; L++) {
                    part[k] += coefficients[p][k * highs * lows + L] * low[L];
                }
                for (var H = 1; H < highs; H++) {
                    var place = k * highs + H;
                    part[k] += least[p][place] * high[H];
                    if (isRead[p][lows + highs + place] == 1) {
                        var factor = -least[p][place];
                        for (var L = 0; L < lows; L++) {
                            factor += coefficients[p][place * lows + L] * low[L];
                        }
                        products -= 1;
                        if (products == 0 && isLast == 1) {
                            lastLeft = high[H];
                            lastRight = factor;
                        } else {
                            product[nextProduct] <== high[H] * factor;
                            part[k] += product[nextProduct];
                            nextProduct++;
                        }
                    }
                }
            }
            var value = part[degree];
            for (var k = degree; k > 0; k--) {
                var leastFactor = halves[p][3 + k];
                var factor = value - leastFactor;
                value = part[k - 1] + leastFactor * rest;
                products -= 1;
                if (products == 0 && isLast == 1) {
                    lastLeft = rest;
                    lastRight = factor;
                } else {
                    product[nextProduct] <== rest * factor;
                    value += product[nextProduct];
                    nextProduct++;
                }
            }

            // `varying` is D less its least value.
            var inside = value;
            var varying = 0;
            if (isMirrored == 1) {
                inside -= form[r][10] * s;
                varying = form[r][7] - form[r][10] + form[r][8] * index + form[r][9] * value;
            }
            if (factors > 0) {
                if (form[r][11] == 1) {
                    mirror[nextMirror] <== s * varying;
                    inside -= mirror[nextMirror];
                    nextMirror++;
                }
                // within = [the index is within the table]
                var guardFrom = segmentFrom + lowBits + highBits;
                var within = form[r][2] == 1 ? s : 1 - bit[guardFrom];
                for (var k = 1; k < factors; k++) {
                    guard[nextGuard] <== within * (1 - bit[guardFrom + k - form[r][2]]);
                    within = guard[nextGuard];
                    nextGuard++;
                }
                var beyond = form[r][5] + form[r][6] * s;
                out[r] <== within * (inside - beyond) + beyond - lo;
            } else if (form[r][11] == 1) {
                out[r] <== inside - lo - s * varying;
            } else if (isLast == 1) {
                out[r] <== lastLeft * lastRight + inside - lo;
            } else {
                out[r] <== inside - lo;
            }
            nextBit += N;
        }
    }
}
