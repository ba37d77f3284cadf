// about: BigInts are heap cells of varying size: many short-lived ones, kept in arrays, maps, closures and across collections.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const kept = [];
let total = 0n;
for (let i = 0; i < 6000; i++) {
    const x = (1n << BigInt(i % 300)) + BigInt(i);
    if (i % 20 === 0) kept.push([x, i, () => x]);
    total += x & 0xFFFFFFFFn;
}
if (typeof gc === "function") gc();
for (const [x, i, f] of kept) {
    same(x, (1n << BigInt(i % 300)) + BigInt(i), "kept BigInt");
    same(f(), x, "in a closure");
}
const map = new Map();
for (let i = 0; i < 500; i++) map.set(3n ** BigInt(i % 100), i);
same(map.size, 100, "keys by value");
same(map.get(3n ** 99n), 499, "last value");
const o = {};
for (let i = 0; i < 50; i++) o[2n ** BigInt(i)] = i;
same(o["1125899906842624"], undefined, "2^50 is not there");
same(o[562949953421312n], 49, "BigInt as a key");
let s = 0n;
for (let i = 0; i < 5000; i++) s += BigInt(i) * BigInt(i);
same(s, 41654167500n, "sum of squares");
const big = Array.from({ length: 60 }, (_, i) => 1n << BigInt(i * 50));
same(big.reduce((a, b) => a | b).toString(2).replace(/0/g, "").length, 60, "reduce");
if (typeof gc === "function") gc();
same(big[59] >> 2950n, 1n, "after the collection");
