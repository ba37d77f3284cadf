// about: hashed collections over every kind of key: -0, NaN of any payload, ints and doubles of one value, BigInts, ropes.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const view = new DataView(new ArrayBuffer(8));
const nan = (h, l) => (view.setUint32(0, h), view.setUint32(4, l), view.getFloat64(0));
const keys = [0, 1, -1, 0.5, 2147483647, 2147483648, -2147483648, 4294967295, 1e300, 5e-324, NaN, Infinity, "", "0", "a", "\u00e9", "\u4e00", null, undefined, true, false, 1n, -1n, 2n ** 70n, Symbol.iterator, Symbol.for("x"), {}, [], () => 1];
const map = new Map(keys.map((k, i) => [k, i]));
same(map.size, keys.length, "distinct keys");
for (let round = 0; round < 60; round++) keys.forEach((k, i) => { same(map.get(k), i, `key ${String(k)}`); same(map.has(k), true, "has"); });
for (const [same1, like] of [[-0, 0], [nan(0x7FF80000, 1), NaN], [nan(0xFFFFFFFF, 0xFFFFFFFF), NaN], [nan(0x7FF00000, 1), NaN], ["a" + "", "a"], [["\u4e00", ""].join(""), "\u4e00"], [2n ** 35n * 2n ** 35n, 2n ** 70n], [1.5 - 0.5, 1], [2147483647 + 1, 2147483648], [4294967294 + 1, 4294967295]]) same(map.get(same1), map.get(like), `like ${String(like)}`);
for (const other of ["1", [], {}, 2n, "A", "null", -0.5, Symbol("x"), -2147483649]) same(map.has(other), false, `${typeof other} ${String(other)}`);
map.set(-0, "zero");
same(Object.is([...map.keys()][0], 0) && map.get(0), "zero", "-0 is kept as 0");
same(Object.is([...new Set([-0])][0], 0), true, "in sets too");
const big = new Map();
for (let i = 0; i < 12000; i++) big.set(i % 3 ? i * 65536 : i + 0.5, i);
for (let i = 0; i < 12000; i++) same(big.get(i % 3 ? i * 65536 : i + 0.5), i, "big map");
for (let i = 0; i < 12000; i += 2) big.delete(i % 3 ? i * 65536 : i + 0.5);
same(big.size, 6000, "deleted");
let last = -1;
for (const v of big.values()) { if (v <= last || !(v & 1)) throw new Error(`order after deletes: ${v} after ${last}`); last = v; }
for (let i = 0; i < 12000; i += 2) big.set(i % 3 ? i * 65536 : i + 0.5, -i);
same(big.size, 12000, "put back");
same([...big.values()].slice(-1)[0], -11998, "at the end");
big.clear();
same(big.size + [...big].length, 0, "cleared");
const set = new Set();
for (let i = 0; i < 3000; i++) { set.add("k" + (i % 1000)); set.add(i % 500); }
same(set.size, 1500, "set");
same([...set].slice(0, 4).join(), "k0,0,k1,1", "order");
const live = new Set([1, 2, 3]), seen = [];
for (const x of live) { seen.push(x); if (x < 10) live.add(x + 3); live.delete(2); }
same(seen.join(), "1,3,4,6,7,9,10,12", "changed while iterating");
const entries = [...new Map([[1, { a: 1 }], ["k", [2]]])];
same(JSON.stringify(entries), '[[1,{"a":1}],["k",[2]]]', "entries");
same(new Map(new Map([[1, 2]])).get(1) + new Set("hello").size, 6, "copies");
for (const f of [() => Map(), () => new Map([1]), () => new Set(5), () => Map.prototype.get.call(new Set(), 1), () => Set.prototype.add.call({}, 1)]) { let e; try { f(); } catch (x) { e = x; } if (!(e instanceof TypeError)) throw new Error(`${f}: got ${e}`); }
let visits = 0;
const m = new Map([[1, 1]]);
m.forEach((v, k, all) => { visits++; if (k < 50) all.set(k + 1, v); });
same(visits, 50, "forEach follows growth");
if (Set.prototype.union) {
    const a = new Set([1, 2, 3, NaN]), b = new Set([3, 4, NaN, -0]);
    same([...a.union(b)].join() + "|" + [...a.intersection(b)].join() + "|" + [...a.difference(b)].join() + "|" + [...a.symmetricDifference(b)].join(), "1,2,3,NaN,4,0|3,NaN|1,2|1,2,4,0", "algebra");
    same(a.isSubsetOf(new Set([1, 2, 3, 4, NaN])) && a.isDisjointFrom(new Set([9])), true, "relations");
}
