pragma circom 2.2.0;

/*
 * Σ weights[t]·values[t] as one linear expression.
 *
 * circom copies an expression whenever it is extended, so adding n terms one by one takes O(n²) time. Here the products
 * are summed in groups of four in place, then the partial sums in groups of four, until one is left: O(n·log n).
 */
function dot(n, weights, values) {
    if (n == 0) {
        return 0;
    }
    var count = 0;
    var t = 0;
    while (t + 4 <= n) {
        values[count] = weights[t] * values[t] + weights[t + 1] * values[t + 1]
            + weights[t + 2] * values[t + 2] + weights[t + 3] * values[t + 3];
        count++;
        t += 4;
    }
    if (t < n) {
        var rest = 0;
        while (t < n) {
            rest += weights[t] * values[t];
            t++;
        }
        values[count] = rest;
        count++;
    }
    while (count > 1) {
        var kept = 0;
        t = 0;
        while (t + 4 <= count) {
            values[kept] = values[t] + values[t + 1] + values[t + 2] + values[t + 3];
            kept++;
            t += 4;
        }
        if (t < count) {
            var rest = 0;
            while (t < count) {
                rest += values[t];
                t++;
            }
            values[kept] = rest;
            kept++;
        }
        count = kept;
    }
    return values[0];
}

/*
 * Σ (weight[t] − least)·values[t] over 0 ≤ t < 4·⌈taps / 4⌉, for weights written as digits: a number in the text of a
 * circuit takes circom 1 kB of memory, so one literal holds as many weights as its 253 bits take.
 *
 * Digit t is weight[t] − least, with 0 ≤ digit < 2^digitBits; a literal holds perLiteral of them, the first in the lowest
 * bits: literal = Σ_j digit[j]·2^(digitBits·j) < 2^253. Below half the field's order `>>` and `&` are those of integers, so
 * the digits are exact. They are constants when circom runs: no signal and no constraint depends on how they are written.
 * `values` has an entry for each digit; entries beyond the weights are 0.
 */
function packedDot(taps, packed, digitBits, values) {
    var mask = 2 ** digitBits - 1;
    var second = digitBits;
    var third = 2 * digitBits;
    var fourth = 3 * digitBits;
    var four = 4 * digitBits;
    var groups = 253 \ four;
    var count = 0;
    var literal = 0;
    var t = 0;
    while (t < taps) {
        var rest = packed[literal];
        literal++;
        for (var g = 0; g < groups && t < taps; g++) {
            values[count] = (rest & mask) * values[t] + ((rest >> second) & mask) * values[t + 1]
                + ((rest >> third) & mask) * values[t + 2] + ((rest >> fourth) & mask) * values[t + 3];
            rest = rest >> four;
            count++;
            t += 4;
        }
    }
    return sumOf(count, values);
}

/* Σ values[t], in the same way as dot. */
function sumOf(n, values) {
    if (n == 0) {
        return 0;
    }
    var count = n;
    while (count > 1) {
        var kept = 0;
        var t = 0;
        while (t + 4 <= count) {
            values[kept] = values[t] + values[t + 1] + values[t + 2] + values[t + 3];
            kept++;
            t += 4;
        }
        if (t < count) {
            var rest = 0;
            while (t < count) {
                rest += values[t];
                t++;
            }
            values[kept] = rest;
            kept++;
        }
        count = kept;
    }
    return values[0];
}
