pragma circom 2.2.0;

template Divide(factor, leftBase, rightBase, lowest, quotientBits, remainderBits) {
    signal input in[2];
    signal output out[1];
    signal quotient[quotientBits];
    signal remainder[remainderBits];

    if (quotientBits == 0) {
        out[0] <== 0;
    } else {
        var divisor = 2 * (in[1] + rightBase);
        var v = 2 * factor * (in[0] + leftBase) + in[1] + rightBase - lowest * divisor;
        var quotientSum = 0;
        var remainderSum = 0;
        var power = 1;
        for (var k = 0; k < quotientBits; k++) {
            quotient[k] <-- ((v \ divisor) >> k) & 1;
            quotient[k] * (quotient[k] - 1) === 0;
            quotientSum += power * quotient[k];
            power += power;
        }
        power = 1;
        for (var k = 0; k < remainderBits; k++) {
            remainder[k] <-- ((v % divisor) >> k) & 1;
            remainder[k] * (remainder[k] - 1) === 0;
            remainderSum += power * remainder[k];
            power += power;
        }
        quotientSum * divisor === v - remainderSum;
        // Wrong: nothing holds the remainder below the divisor.
        out[0] <== quotientSum;
    }
}
