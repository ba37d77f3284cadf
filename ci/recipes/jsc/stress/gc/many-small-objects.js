// about: allocation fast paths, free lists and marking bits over millions of bytes; what is reachable must survive.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function Node(left, right, v) { this.left = left; this.right = right; this.v = v; }
function tree(d, v) { return d === 0 ? new Node(null, null, v) : new Node(tree(d - 1, v * 2), tree(d - 1, v * 2 + 1), v); }
function check(n, v) { if (n.v !== v) throw new Error(`node: expected ${v}, got ${n.v}`); return n.left ? 1 + check(n.left, v * 2) + check(n.right, v * 2 + 1) : 1; }
const long = tree(12, 1);
for (let i = 0; i < 12; i++) same(check(tree(9, 1), 1), 1023, "short-lived tree");
same(check(long, 1), 8191, "long-lived tree");
if (typeof edenGC === "function") edenGC();
if (typeof fullGC === "function") fullGC();
same(check(long, 1), 8191, "after collections");
const ring = [];
for (let i = 0; i < 40000; i++) {
    ring[i % 500] = { i, d: i + 0.5, s: "s" + (i % 100), a: [i, i + 1], f: i % 7 ? null : () => i };
    if (i >= 500 && i % 97 === 0) { const o = ring[(i + 1) % 500]; if (o.i !== i - 499 || o.d !== o.i + 0.5 || o.a[1] !== o.i + 1 || (o.f && o.f() !== o.i)) throw new Error(`ring at ${i}: got ${JSON.stringify(o)}`); }
}
// old objects that point to new ones
const old = Array.from({ length: 200 }, (_, i) => ({ i, next: null, slot: [] }));
if (typeof fullGC === "function") fullGC();
for (let r = 0; r < 60; r++) { for (const o of old) { o.next = { r, i: o.i, back: o }; o.slot[r & 7] = { r }; o["p" + (r & 3)] = [r + 0.5]; } if (r % 20 === 0 && typeof edenGC === "function") edenGC(); }
for (const o of old) { same(o.next.r, 59, "new from old"); same(o.next.back, o, "and back"); same(o.slot[59 & 7].r, 59, "new in old array"); same(o.p3[0], 59.5, "new in old property"); }
let list = null;
for (let i = 0; i < 30000; i++) list = { i, list };
if (typeof fullGC === "function") fullGC();
let n = 0;
for (let l = list; l; l = l.list) { if (l.i !== 29999 - n) throw new Error(`list at ${n}`); n++; }
same(n, 30000, "a long list is marked without recursion");
const closures = [];
for (let i = 0; i < 3000; i++) { let k = i, d = i / 2; closures.push(() => [k++, d]); }
if (typeof gc === "function") gc();
closures.forEach((f, i) => { const [k, d] = f(); if (k !== i || d !== i / 2) throw new Error(`closure ${i}`); });
