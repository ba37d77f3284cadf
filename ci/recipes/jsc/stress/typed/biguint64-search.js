// about: searching 64-bit elements compares values, so that a needle outside the element's range is never found; comparing
// its low 64 bits only finds it wrongly.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const unsigned = BigUint64Array.of(2n ** 64n - 1n, 0n, 5n), signed = BigInt64Array.of(-1n, 2n ** 63n - 1n, -(2n ** 63n));
for (let i = 0; i < 100; i++) {
    same(unsigned.indexOf(18446744073709551615n), 0, "largest");
    same(unsigned.includes(5n), true, "includes 5");
    same(signed.indexOf(-1n), 0, "-1");
    same(signed.indexOf(-(2n ** 63n)), 2, "-2^63");
    same(signed.lastIndexOf(2n ** 63n - 1n), 1, "2^63 - 1");
}
for (const [array, needle] of [[unsigned, -1n], [unsigned, 2n ** 64n], [unsigned, 2n ** 64n + 5n], [unsigned, -(2n ** 64n)], [signed, 2n ** 64n - 1n], [signed, 2n ** 63n], [signed, -(2n ** 64n) - 1n]]) {
    same(array.indexOf(needle), -1, `indexOf ${needle} in ${array}`);
    same(array.lastIndexOf(needle), -1, `lastIndexOf ${needle} in ${array}`);
    same(array.includes(needle), false, `includes ${needle} in ${array}`);
}
same(unsigned.indexOf(5), -1, "a number is no BigInt");
