// about: for-of, destructuring and spread call next and return at defined moments, in fast and slow paths alike.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function make(log, n, hooks = {}) { let i = 0; return { [Symbol.iterator]() { log.push("iter"); return { next() { log.push("n" + i); if (hooks.throwAt === i) throw new Error("next"); return i < n ? { value: i++, done: false } : { value: "end", done: true }; }, return(v) { log.push("return"); if (hooks.badReturn) return 5; return {}; } }; } }; }
const cases = [
    [it => { for (const x of it); }, "iter,n0,n1,n2,n3"], [it => { for (const x of it) break; }, "iter,n0,return"], [it => { for (const x of it) if (x === 1) return; }, "iter,n0,n1,return"],
    [it => { try { for (const x of it) throw 1; } catch {} }, "iter,n0,return"], [it => { const [a] = it; }, "iter,n0,return"], [it => { const [a, b, c] = it; }, "iter,n0,n1,n2,return"], [it => { const [a, b, c, d, e] = it; }, "iter,n0,n1,n2,n3"],
    [it => { const [...r] = it; }, "iter,n0,n1,n2,n3"], [it => { const [] = it; }, "iter,return"], [it => [...it], "iter,n0,n1,n2,n3"], [it => Math.max(...it), "iter,n0,n1,n2,n3"], [it => new Set(it), "iter,n0,n1,n2,n3"],
    [it => Array.from(it), "iter,n0,n1,n2,n3"], [it => { try { Array.from(it, () => { throw 1; }); } catch {} }, "iter,n0,return"], [it => { try { new Map(it); } catch {} }, "iter,n0,return"], [it => { const [, , a] = it; }, "iter,n0,n1,n2,return"],
    [it => { o: for (;;) { for (const x of it) break o; } }, "iter,n0,return"], [it => { let k = 0; for (const x of it) { if (k++ < 1) continue; break; } }, "iter,n0,n1,return"], [it => { [...(function* () { yield* it; })()]; }, "iter,n0,n1,n2,n3"],
    [it => { const g = (function* () { yield* it; })(); g.next(); g.return(); }, "iter,n0,return"], [it => { try { const [a = (() => { throw 1; })()] = [undefined]; } catch {} for (const x of it) break; }, "iter,n0,return"],
];
for (let round = 0; round < 60; round++) for (const [f, want] of cases) { const log = []; f(make(log, 3)); if (log.join() !== want) throw new Error(`${f}: expected ${want}, got ${log}`); }
const log = [];
let e;
try { for (const x of make(log, 3, { throwAt: 1 })); } catch (x) { e = x; }
same(e.message + log.join(), "nextiter,n0,n1", "next that throws is not returned to");
try { for (const x of make([], 3, { badReturn: true })) break; } catch (x) { e = x; }
same(e instanceof TypeError, true, "return must give an object");
try { for (const x of make([], 3, { badReturn: true })) throw new Error("first"); } catch (x) { e = x; }
same(e.message, "first", "but a throw wins");
for (const bad of [5, null, undefined, {}, { [Symbol.iterator]: 1 }, { [Symbol.iterator]: () => 1 }, { [Symbol.iterator]: () => ({}) }]) { e = null; try { for (const x of bad); } catch (x) { e = x; } if (!(e instanceof TypeError)) throw new Error(`iterating over ${typeof bad}: got ${e}`); }
const holes = [1, , 3];
same([...holes].join("|") + [...holes.keys()].join(), "1||30,1,2", "holes");
for (const [source, want] of [["a\u{1F600}b", 3], [new Map([[1, 2], [3, 4]]), 2], [new Set([1, 1, 2]), 2], [new Uint8Array(5), 5], [(function () { return arguments; })(1, 2, 3), 3], ["", 0], [new String("xy"), 2]])
    for (let i = 0; i < 100; i++) { let n = 0; for (const x of source) n++; same(n, want, "built-in iterables"); }
const map = new Map([[1, "a"], [2, "b"], [3, "c"]]), seen = [];
for (const [k, v] of map) { seen.push(k + v); if (k === 1) { map.delete(2); map.set(4, "d"); } if (k === 4 && map.size < 6) map.set(1, "again").set(5, "e"); }
same(seen.join(), "1a,3c,4d,5e", "map changed while iterating");
const it = [1, 2, 3][Symbol.iterator]();
it.next();
same([...it].join(), "2,3", "iterators iterate");
same(Object.prototype.toString.call(it) + Object.prototype.toString.call(map.entries()) + Object.prototype.toString.call("".matchAll(/x/g)), "[object Array Iterator][object Map Iterator][object RegExp String Iterator]", "tags");
