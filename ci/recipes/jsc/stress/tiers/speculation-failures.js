// about: optimised code guesses types and leaves when wrong; the values of all live variables have to be rebuilt from machine
// registers in each representation (int32, int52, double, boolean, cell), which is where word size and endianness meet.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function live(a, b, flag) {
    const i = a | 0, d = a * 0.5, big = a * 4294967296, t = a > 10, o = { a }, s = "s" + i, u = a >>> 0, n = -d;
    const r = b.value + i; // the guess that fails
    return [i, d, big, t, o.a, s, u, n, r, flag].join();
}
const want = (a, r, flag) => [a | 0, a * 0.5, a * 4294967296, a > 10, a, "s" + (a | 0), a >>> 0, -(a * 0.5), r, flag].join();
const odd = [{ value: 0.5 }, { value: "t" }, { value: null }, { x: 1, value: 7 }, { get value() { return 9; } }, Object.create({ value: 11 }), { value: 2147483647 }, { value: true }, { value: NaN }, { value: -0 }, { value: { valueOf: () => 3 } }];
for (let round = 0; round < 6; round++) {
    for (let i = 0; i < 700; i++) same(live(i, { value: i }, 1), want(i, 2 * i, 1), "as guessed");
    odd.forEach((o, k) => same(live(20 + k, o, "x"), want(20 + k, o.value + (20 + k), "x"), `wrong guess ${k}`));
}
function arith(x, y) { return [x + y, x - y, x * y, x / y, x % y, x < y, x === y, x | y, x >> y, -x, +x].map(text).join(); }
const operands = [1, 2, 7, 2147483647, -2147483648, 0.5, -0, 1e10, NaN, "3", true, null, undefined];
const table = new Map();
for (let round = 0; round < 5; round++) {
    for (let i = 1; i < 300; i++) arith(i, i + 1);
    for (const x of operands) for (const y of operands) {
        const key = text(x) + typeof x + text(y) + typeof y, got = arith(x, y);
        if (round === 0) table.set(key, got); else same(got, table.get(key), `${key} in round ${round}`);
    }
}
function loop(n, at, what) { let s = 0, d = 0.5; for (let i = 0; i < n; i++) { s += i === at ? what : 1; d += 0.25; } return s + "|" + d; }
for (let i = 0; i < 30; i++) same(loop(400, -1, 0), "400|100.5", "loop as guessed");
for (const [what, sum] of [[0.5, "399.5"], [2147483647, "2147484046"], ["x", "300x" + "1".repeat(99)], [-0, "399"], [undefined, "NaN"]]) for (let i = 0; i < 8; i++) same(loop(400, 300, what), sum + "|100.5", `leaving the loop by ${String(what)}`);
function bounds(a, i) { const x = a[i]; return x === undefined ? "none" : x; }
for (let i = 0; i < 2000; i++) same(bounds([1, 2, 3], i % 3), i % 3 + 1, "in bounds");
for (const i of [3, -1, 1e9, 4294967296, 0.5, "1", "x"]) same(bounds([1, 2, 3], i), i === "1" ? 2 : "none", `index ${i}`);
function check(x) { if (x.kind === "a") return x.v + 1; if (x.kind === "b") return x.v * 2; return -x.v; }
for (let i = 0; i < 1500; i++) same(check({ kind: "a", v: i }), i + 1, "one branch");
for (let i = 0; i < 300; i++) { same(check({ kind: "b", v: i }), i * 2, "a branch never taken before"); same(check({ v: i, kind: "c" }), i === 0 ? -0 : -i, "another shape and branch"); }
