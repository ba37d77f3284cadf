// about: long division estimates quotient digits; the correction steps run only for rare digits, at other places for 32 and 64 bits.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function throws(type, run, what) {
    let got = "no exception";
    try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
    throw new Error(`${what}: expected ${type.name}, got ${got}`);
}
function div(a, b) { return a / b; }
function rem(a, b) { return a % b; }
function check(n, d) {
    const q = div(n, d), r = rem(n, d), size = r < 0n ? -r : r, bound = d < 0n ? -d : d;
    if (q * d + r !== n || size >= bound || (r !== 0n && (r < 0n) !== (n < 0n))) throw new Error(`${n} by ${d}: got ${q} rest ${r}`);
}
let seed = 7n;
const random = bits => { let r = 0n; for (let i = 0; i < bits; i += 31) { seed = (seed * 1103515245n + 12345n) % 2147483648n; r = r << 31n | seed; } return r + 1n; };
for (let i = 0; i < 250; i++) {
    const n = random(31 * (1 + i % 13)), d = random(31 * (1 + i % 6));
    check(n, d);
    check(-n, d);
    check(n, -d);
    check(-n, -d);
    check(n * d, d);
    check(n * d - 1n, d);
    check(n * d + d - 1n, d);
}
// divisors and dividends of long runs of ones and zeros, where estimates are too large
for (const w of [31n, 32n, 33n, 63n, 64n, 65n, 96n, 128n]) for (const v of [31n, 32n, 33n, 64n, 96n]) {
    const top = 1n << w;
    for (const n of [(top << v) - 1n, top << v, (top - 1n) << v, ((top - 1n) << v) + (1n << v - 1n), (top >> 1n << v) - 1n, (top >> 1n << v) + 1n])
        for (const d of [top - 1n, top, top + 1n, (top >> 1n) + 1n, (top >> 1n) - 1n, top - (1n << w / 2n), (1n << v) - 1n, (1n << v - 1n) + 1n]) check(n, d);
}
for (const [n, d, q, r] of [[7n, 2n, 3n, 1n], [-7n, 2n, -3n, -1n], [7n, -2n, -3n, 1n], [-7n, -2n, 3n, -1n], [0n, 5n, 0n, 0n], [5n, 10n ** 30n, 0n, 5n],
    [10n ** 40n, 10n ** 20n, 10n ** 20n, 0n], [2n ** 64n, 2n ** 32n + 1n, 4294967295n, 1n], [2n ** 128n - 1n, 2n ** 64n - 1n, 2n ** 64n + 1n, 0n],
    [0x7FFFFFFF800000010000000000000000n, 0x800000008000000200000005n, 0xfffffffdn, 0x80000000800000010000000fn],
    [121932631137021795226185032733622923332237463801111263526900n, 987654321098765432109876543210n, 123456789012345678901234567890n, 0n]])
    for (let i = 0; i < 30; i++) { same(div(n, d), q, `${n} / ${d}`); same(rem(n, d), r, `${n} % ${d}`); }
throws(RangeError, () => div(1n, 0n), "division by 0n");
throws(RangeError, () => rem(1n, 0n), "remainder by 0n");
throws(TypeError, () => div(1n, 1), "mixed");
let n = 3n ** 300n, count = 0;
while (n % 3n === 0n) { n /= 3n; count++; }
same(count, 300, "divided by 3");
same(n, 1n, "down to 1");
