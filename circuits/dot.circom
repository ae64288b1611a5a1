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
