// about: adding properties moves objects from inline to out-of-line storage and through a tree of shapes; slots are 8 bytes even
// on 32-bit machines, and the inline capacity is chosen by word size.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function build(n, prefix) { const o = {}; for (let i = 0; i < n; i++) o[prefix + i] = i % 3 ? i : i + 0.5; return o; }
for (const n of [0, 1, 2, 5, 6, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 99, 100, 101, 127, 128, 129, 300]) {
    const o = build(n, "p");
    const keys = Object.keys(o);
    same(keys.length, n, `keys of ${n}`);
    for (let i = 0; i < n; i++) { same(keys[i], "p" + i, "order"); same(o["p" + i], i % 3 ? i : i + 0.5, "value"); }
    same(JSON.stringify(Object.fromEntries(Object.entries(o))), JSON.stringify(o), "copy");
    for (let i = 0; i < n; i += 2) delete o["p" + i];
    for (let i = 0; i < n; i++) same(o["p" + i], i & 1 ? (i % 3 ? i : i + 0.5) : undefined, "after deletes");
    for (let i = 0; i < n; i += 2) o["p" + i] = -i;
    same(Object.keys(o).length, n, "put back");
}
function Point(x, y) { this.x = x; this.y = y; if (x > 50) this.z = x + y; if (y > 80) this.w = "w"; }
for (let i = 0; i < 3000; i++) {
    const p = new Point(i % 100, (i * 7) % 100);
    same(p.x + p.y, i % 100 + (i * 7) % 100, "sum");
    same(p.z, i % 100 > 50 ? p.x + p.y : undefined, "maybe z");
    same("w" in p, (i * 7) % 100 > 80, "maybe w");
}
// two orders of the same names are two shapes
const ab = () => { const o = {}; o.a = 1; o.b = 2; return o; }, ba = () => { const o = {}; o.b = 2; o.a = 1; return o; };
function diff(o) { return o.b - o.a; }
for (let i = 0; i < 2000; i++) { same(diff(ab()), 1, "a then b"); same(diff(ba()), 1, "b then a"); }
same(Object.keys(ba()).join(), "b,a", "order of b then a");
const big = {};
for (let i = 0; i < 2000; i++) big["key" + i] = i;
for (let i = 0; i < 2000; i++) { same(big["key" + i], i, "big object"); if (i % 3 === 0) delete big["key" + i]; }
same(Object.keys(big).length, 1333, "big object after deletes");
const mixed = { s: "x", 2: "two", 0: "zero", [Symbol.iterator]: 1, n: null, "-1": "minus", 1: "one" };
same(Reflect.ownKeys(mixed).map(String).join(), "0,1,2,s,n,-1,Symbol(Symbol.iterator)", "order of all keys");
const frozen = Object.freeze(build(40, "f"));
frozen.f1 = 99;
same(frozen.f1, 1, "frozen");
same(delete build(3, "q").q1, true, "delete");
const sealed = Object.seal(build(10, "s"));
sealed.s1 = "changed";
sealed.extra = 1;
same(sealed.s1 + String(sealed.extra), "changedundefined", "sealed");
same(Object.isFrozen(frozen) && Object.isSealed(sealed) && !Object.isFrozen(sealed) && !Object.isExtensible(sealed), true, "levels");
let cloned = build(20, "c");
for (let i = 0; i < 50; i++) cloned = { ...cloned, ["x" + i]: i, c1: i };
same(Object.keys(cloned).length, 70, "spread grows");
same(cloned.c1, 49, "last one wins");
