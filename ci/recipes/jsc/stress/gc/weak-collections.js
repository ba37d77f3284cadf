// about: weak maps, sets and references; collection may come at any time or never, so only what must hold is checked.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const weak = new WeakMap(), set = new WeakSet(), kept = [];
for (let i = 0; i < 5000; i++) {
    const key = { i };
    weak.set(key, { value: i, key });
    set.add(key);
    if (i % 50 === 0) kept.push(key);
}
if (typeof fullGC === "function") fullGC();
for (const k of kept) { same(weak.get(k).value, k.i, "value of a kept key"); same(weak.get(k).key, k, "back reference"); same(set.has(k), true, "member"); }
// a chain through weak values only: each value is the next key
const first = {};
let key = first;
for (let i = 0; i < 300; i++) { const next = { i }; weak.set(key, next); key = next; }
key = null;
if (typeof fullGC === "function") fullGC();
let n = 0;
for (let k = first; weak.has(k); k = weak.get(k)) n++;
same(n, 300, "ephemeron chain");
for (const k of kept) { same(weak.delete(k), true, "delete"); same(weak.has(k), false, "gone"); same(weak.get(k), undefined, "no value"); }
for (const bad of [1, "s", null, undefined, Symbol.for("registered"), true, 1n]) { let e; try { weak.set(bad, 1); } catch (x) { e = x; } if (!(e instanceof TypeError)) throw new Error(`weak key ${String(bad)}: got ${e}`); same(weak.has(bad) || set.has(bad) || weak.delete(bad), false, "never a key"); }
if (typeof WeakRef === "function") {
    const strong = { alive: true }, refs = [new WeakRef(strong)];
    for (let i = 0; i < 2000; i++) refs.push(new WeakRef({ i, payload: [i] }));
    for (let r = 0; r < 3; r++) {
        if (typeof fullGC === "function") fullGC();
        same(refs[0].deref(), strong, "a strong object stays");
        for (let i = 0; i < 2000; i++) { const o = refs[i + 1].deref(); if (o !== undefined && (o.i !== i || o.payload[0] !== i)) throw new Error(`weak reference ${i} gives ${JSON.stringify(o)}`); }
    }
    let e;
    try { new WeakRef(1); } catch (x) { e = x; }
    same(e instanceof TypeError, true, "reference to a number");
}
if (typeof FinalizationRegistry === "function") {
    const cleaned = [], registry = new FinalizationRegistry(v => cleaned.push(v)), token = {}, target = {};
    for (let i = 0; i < 300; i++) registry.register({ i }, i);
    registry.register(target, "kept", token);
    same(registry.unregister(token), true, "unregister");
    same(registry.unregister(token), false, "once");
    if (typeof fullGC === "function") fullGC();
    drainMicrotasks();
    for (const v of cleaned) if (!(v >= 0 && v < 300)) throw new Error(`cleaned up ${v}`);
    same(new Set(cleaned).size, cleaned.length, "each at most once");
    let e;
    try { registry.register(target, target); } catch (x) { e = x; }
    same(e instanceof TypeError, true, "target as its own value");
}
const privates = new WeakMap();
class Account { constructor(n) { privates.set(this, { n }); } add(x) { privates.get(this).n += x; return this; } get n() { return privates.get(this).n; } }
const accounts = Array.from({ length: 500 }, (_, i) => new Account(i));
for (let r = 0; r < 5; r++) { for (const a of accounts) a.add(0.5); if (typeof edenGC === "function") edenGC(); }
accounts.forEach((a, i) => same(a.n, i + 2.5, "private data"));
const cells = new WeakMap();
for (let i = 0; i < 20000; i++) cells.set({}, i);
same(cells instanceof WeakMap, true, "twenty thousand dead keys");
