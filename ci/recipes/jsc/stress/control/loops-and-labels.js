// about: labels, nested breaks and loops whose counters are ints, doubles and unsigned, entered in the middle by tier changes.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const found = [];
outer: for (let i = 1; i < 60; i++) for (let j = i; j < 60; j++) { const k = 60 - i - j; if (k < j) continue outer; if (i * i + j * j === k * k) found.push([i, j, k].join("-")); if (found.length === 2) break outer; }
same(found.join(), "10-24-26,15-20-25", "triples of perimeter 60");
block: { found.push("in"); if (found.length) break block; found.push("never"); }
same(found[2], "in", "labelled block");
let steps = 0, n = 27;
while (n !== 1) { n = n % 2 ? 3 * n + 1 : n / 2; steps++; }
same(steps, 111, "Collatz of 27");
let longest = 0, at = 0;
for (let i = 1; i < 1500; i++) { let x = i, c = 0; while (x > 1) { x = x & 1 ? 3 * x + 1 : x / 2; c++; } if (c > longest) { longest = c; at = i; } }
same(longest + ":" + at, "181:1161", "longest Collatz below 1500");
let count = 0;
for (let x = 0; x < 1; x += 0.1) count++;
same(count, 11, "a counter of tenths");
count = 0;
for (let u = 4294967290; u <= 4294967300; u++) count++;
same(count, 11, "a counter past 2^32");
count = 0;
for (let i = 10; i-- > 0;) count += i;
same(count, 45, "counting down");
count = 0;
do { count++; if (count === 3) continue; if (count > 5) break; } while (count < 10);
same(count, 6, "do-while");
const fs = [];
for (let i = 0; i < 5; i++) { fs.push(() => i); if (i === 2) i++; }
same(fs.map(f => f()).join(), "0,1,3,4", "a binding for each turn");
var v = [];
for (var i = 0; i < 3; i++) v.push(() => i);
same(v.map(f => f()).join(), "3,3,3", "one binding for var");
function long(n) { let a = 0, b = 0.5, c = 1; for (let i = 0; i < n; i++) { a = (a + i) | 0; if (i % 1000 === 999) b += 0.25; c = (c * 31 + i) % 1000003; } return [a, b, c].join(); }
same(long(60000), "1799970000,15.5,743356", "a long loop entered cold");
same(long(3), "3,0.5,29824", "and a short one after");
let s = 0;
for (const k in { a: 1, b: 2, c: 3 }) { if (k === "b") continue; s += k.charCodeAt(0); }
same(s, 196, "continue in for-in");
a: for (;;) { b: for (;;) { c: for (;;) { break b; } } break a; }
l1: l2: for (let q = 0; q < 3; q++) { s++; if (q === 1) continue l1; if (q === 2) break l2; }
same(s, 199, "two labels");
function inner() { let t = 0; for (let i = 0; i < 100; i++) for (let j = 0; j < 100; j++) { if (j > i) break; if ((i ^ j) & 1) continue; t += i * j; } return t; }
for (let r = 0; r < 5; r++) same(inner(), 6290425, "breaks and continues inside");
same(eval("var r = 0; do { r++; 5; } while (r < 3)"), 5, "completion value of a loop");
const empty = () => { for (;;) { return "left"; } };
same(empty(), "left", "return from an endless loop");
