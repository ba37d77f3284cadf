// about: small integer powers are computed by multiplication in some tiers and by the C library's pow in others; exact
// results must not depend on which.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function power(x, y) { return x ** y; }
for (let e = -1074; e <= 1023; e++) {
    let want = 1;
    for (let i = 0; i < Math.abs(e); i++) want = e < 0 ? want / 2 : want * 2;
    same(power(2, e), want, `2 ** ${e}`);
    same(Math.pow(2, e), want, `pow(2, ${e})`);
    if (e % 2 === 0 && e >= 0) same(power(4, e / 2), want, `4 ** ${e / 2}`);
    if (e > 0) same(power(-2, e), e & 1 ? -want : want, `-2 ** ${e}`);
}
for (let base = 1; base <= 60; base++) for (let n = 0, want = 1; want <= 9007199254740991; n++, want *= base) {
    same(power(base, n), want, `${base} ** ${n}`);
    same(power(-base, n), n & 1 ? -want : want, `-${base} ** ${n}`);
    same(power(base, n - 0), Number(BigInt(base) ** BigInt(n)), `${base} ** ${n} against BigInt`);
    if (base === 1 && n > 40) break;
}
const table = [
    [0, 0, 1], [-0, 0, 1], [NaN, 0, 1], [NaN, -0, 1], [Infinity, 0, 1], [1, NaN, NaN], [1, Infinity, NaN], [-1, Infinity, NaN], [-1, -Infinity, NaN],
    [2, Infinity, Infinity], [0.5, Infinity, 0], [2, -Infinity, 0], [0.5, -Infinity, Infinity], [Infinity, 1, Infinity], [Infinity, -1, 0],
    [-Infinity, 3, -Infinity], [-Infinity, 2, Infinity], [-Infinity, -3, -0], [-Infinity, -2, 0], [-Infinity, 0.5, Infinity], [0, -1, Infinity],
    [-0, -1, -Infinity], [-0, -2, Infinity], [-0, 3, -0], [-0, 2, 0], [-0, 0.5, 0], [0, 5, 0], [-8, 1 / 3, NaN], [-1, 0.5, NaN], [4, 0.5, 2],
    [4, -0.5, 0.5], [10, 22, 1e22], [10, -1, 0.1], [-1, 2147483647, -1], [-1, 2147483648, 1], [-1, 9007199254740992, 1], [1, 1e300, 1],
    [2, 1024, Infinity], [2, -1075, 0], [-2, 1025, -Infinity], [1.5, 10, 57.6650390625], [0.25, 3, 0.015625], [NaN, 1, NaN],
];
for (let round = 0; round < 40; round++) for (const [x, y, want] of table) {
    same(power(x, y), want, `${text(x)} ** ${text(y)}`);
    same(Math.pow(x, y), want, `pow(${text(x)}, ${text(y)})`);
}
let x = 3;
x **= 4;
same(x, 81, "**=");
same(2 ** 3 ** 2, 512, "right associative");
same((-2) ** 2, 4, "parenthesised");
let sum = 0;
for (let i = 0; i < 10000; i++) sum += power(i & 15, 3);
same(sum, 9000000, "cubes in a loop");
