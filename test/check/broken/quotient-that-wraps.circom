pragma circom 2.2.0;

template Divide(factor, leftBase, rightBase, lowest, quotientBits, remainderBits) {
    signal input in[2];
    signal output out[1];
    signal quotient[1];
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
            // Wrong: the quotient is a field element without a range.
            if (k == 0) {
                quotient[0] <-- v \ divisor;
                quotientSum = quotient[0];
            }
        }
        power = 1;
        for (var k = 0; k < remainderBits; k++) {
            remainder[k] <-- ((v % divisor) >> k) & 1;
            remainder[k] * (remainder[k] - 1) === 0;
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
