// about: integer division instructions differ (ARM may lack one, x86 traps on -2^31 / -1, RISC-V returns a value): results
// must be exact doubles with the right sign of zero.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function div(a, b) { return a / b; }
function whole(a, b) { return (a / b) | 0; }
for (let i = 1; i < 4000; i++) {
    same(div(i * 6, 3), i * 2, "warm exact");
    same(whole(i, 7), (i - i % 7) / 7, "warm whole");
}
const table = [
    [-2147483648, -1, 2147483648, -2147483648], [-2147483648, 1, -2147483648, -2147483648], [2147483647, -1, -2147483647, -2147483647],
    [7, 2, 3.5, 3], [-7, 2, -3.5, -3], [7, -2, -3.5, -3], [-7, -2, 3.5, 3], [1, 3, 0.3333333333333333, 0],
    [0, 5, 0, 0], [0, -5, -0, 0], [-0, 5, -0, 0], [5, 0, Infinity, 0], [-5, 0, -Infinity, 0], [5, -0, -Infinity, 0], [0, 0, NaN, 0],
    [-2147483648, 2, -1073741824, -1073741824], [-2147483648, 3, -715827882.6666666, -715827882],
    [2147483647, 2, 1073741823.5, 1073741823], [4294967295, 5, 858993459, 858993459], [4294967296, 2, 2147483648, -2147483648],
    [1, 2147483647, 4.656612875245797e-10, 0], [-1, 2147483647, -4.656612875245797e-10, 0], [-2147483648, -2147483648, 1, 1],
];
for (let round = 0; round < 100; round++) {
    for (const [a, b, exact, integer] of table) {
        same(div(a, b), exact, `${a} / ${b}`);
        same(whole(a, b), integer, `${a} / ${b} | 0`);
    }
}
function by2(a) { return a / 2; }
function by8(a) { return (a / 8) | 0; }
function by10(a) { return (a / 10) | 0; }
for (let i = -3000; i <= 3000; i++) {
    same(by2(i * 2), i === 0 ? 0 : i, "by 2");
    same(by8(i), i >= 0 ? i >> 3 : -(-i >> 3) | 0, `by 8 of ${i}`);
    let tens = 0, left = Math.abs(i);
    while (left >= 10) { left -= 10; tens++; }
    same(by10(i), i < 0 ? -tens | 0 : tens, `by 10 of ${i}`);
}
same(by2(1), 0.5, "1 / 2 after integers");
same(by2(-2147483648), -1073741824, "-2^31 / 2");
