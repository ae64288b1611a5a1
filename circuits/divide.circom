pragma circom 2.2.0;

/*
 * Divide: a quotient of two values, rounded to the nearest integer; halves go up.
 *
 * Proves   out[0] = ⌊factor · n / d + 1/2⌋ − lowest, where n = in[0] + leftBase and d = in[1] + rightBase
 *          By ⌊(2·factor·n + d) / (2d)⌋: with v = 2·factor·n + d − lowest·2d ≥ 0, v = quotient · 2d + remainder and
 *          remainder + slack = 2d − 1, all of them non-negative
 * Inputs   in: wires
 * Params   lowest: the proved minimum of the quotient; quotientBits: Q, the bits of (quotient − lowest), at least 2, or
 *          0 if the proved range of the quotient is one number; remainderBits: G with 2d ≤ 2^G
 * Ranges   assumed: d ≥ 1. Enforced: 0 ≤ quotient − lowest < 2^Q and 2d ≤ 2^(G+1) − 1; the generator proves that all
 *          inputs satisfy it
 * Cost     Q + 2G + 3; 0 if the range of the quotient is one number
 */
template Divide(factor, leftBase, rightBase, lowest, quotientBits, remainderBits) {
    signal input in[2];
    signal output out[1];
    signal quotient[quotientBits];
    signal remainder[remainderBits];
    signal slack[remainderBits];

    if (quotientBits == 0) {
        out[0] <== 0;
    } else {
        var divisor = 2 * (in[1] + rightBase);
        var v = 2 * factor * (in[0] + leftBase) + in[1] + rightBase - lowest * divisor;
        var quotientSum = 0;
        var remainderSum = 0;
        var slackSum = 0;
        var power = 1;
        for (var k = 0; k < quotientBits; k++) {
            // SAFETY: the next line makes it boolean; the product below then determines it with the remainder.
            quotient[k] <-- ((v \ divisor) >> k) & 1;
            quotient[k] * (quotient[k] - 1) === 0;
            quotientSum += power * quotient[k];
            power += power;
        }
        power = 1;
        for (var k = 0; k < remainderBits; k++) {
            // SAFETY: the next line makes it boolean; the product below, with remainder < divisor, determines it.
            remainder[k] <-- ((v % divisor) >> k) & 1;
            remainder[k] * (remainder[k] - 1) === 0;
            // SAFETY: the next line makes it boolean; the sum with the remainder below determines it.
            slack[k] <-- ((divisor - 1 - v % divisor) >> k) & 1;
            slack[k] * (slack[k] - 1) === 0;
            remainderSum += power * remainder[k];
            slackSum += power * slack[k];
            power += power;
        }
        quotientSum * divisor === v - remainderSum;
        remainderSum + slackSum === divisor - 1;
        out[0] <== quotientSum;
    }
}
