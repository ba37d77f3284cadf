// about: descriptors, attributes and the order of enumeration while the object changes.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function throws(type, run, what) {
    let got = "no exception";
    try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
    throw new Error(`${what}: expected ${type.name}, got ${got}`);
}
const o = {};
for (const [w, e, c] of [[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1], [1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]]) {
    const name = `w${w}e${e}c${c}`;
    Object.defineProperty(o, name, { value: 1, writable: !!w, enumerable: !!e, configurable: !!c });
    o[name] = 2;
    same(o[name], w ? 2 : 1, "writable " + name);
    same(Object.keys(o).includes(name), !!e, "enumerable " + name);
    same(delete o[name], !!c, "configurable " + name);
    same(name in o, !c, "deleted " + name);
}
throws(TypeError, () => Object.defineProperty(o, "w0e0c0", { value: 3 }), "value of a fixed property");
throws(TypeError, () => Object.defineProperty(o, "w1e1c0", { enumerable: false }), "attribute of a fixed property");
same(Object.defineProperty(o, "w1e1c0", { writable: false }).w1e1c0, 2, "writable may be given up");
Object.defineProperty(o, "w0e0c0", { value: 1 });
throws(TypeError, () => Object.defineProperty(o, "x", { get() {}, value: 1 }), "both kinds");
throws(TypeError, () => Object.defineProperty(o, "x", { get: 5 }), "getter that is no function");
const nan = Object.defineProperty({}, "v", { value: NaN });
Object.defineProperty(nan, "v", { value: NaN });
const zero = Object.defineProperty({}, "v", { value: -0 });
throws(TypeError, () => Object.defineProperty(zero, "v", { value: 0 }), "-0 is not 0 here");
const seen = [], live = { a: 1, b: 2, c: 3 };
for (const k in live) { seen.push(k); if (k === "a") { delete live.b; live.d = 4; } }
same(seen.join().startsWith("a,c"), true, "deleted while enumerating");
function keys(x) { const out = []; for (const k in x) out.push(k); return out.join(); }
for (let i = 0; i < 300; i++) {
    same(keys({ b: 1, a: 2, 10: 3, 9: 4 }), "9,10,b,a", "order");
    same(keys([5, , 7]), "0,2", "array with a hole");
    same(keys("ab"), "0,1", "string");
    same(keys(Object.create({ b: 1, z: 2 }, { b: { value: 1, enumerable: false } })), "z", "shadowed by a hidden one");
    same(keys(null) + keys(undefined) + keys(5), "", "nothing to enumerate");
}
const list = [1, 2, 3];
Object.defineProperty(list, "length", { writable: false });
throws(TypeError, () => list.push(4), "push to a fixed length");
throws(TypeError, () => { "use strict"; list[3] = 4; }, "store past a fixed length");
list[1] = "x";
same(list.join(), "1,x,3", "elements may change");
const stuck = [1, 2, 3, 4];
Object.defineProperty(stuck, 1, { configurable: false });
stuck.length = 0;
same(stuck.length, 2, "length stops at what can't be deleted");
same(Object.entries({ x: 1, y: [2] }).flat(2).join(), "x,1,y,2", "entries");
same(JSON.stringify(Object.getOwnPropertyDescriptors({ get a() { return 1; }, b: 2 })), '{"a":{"enumerable":true,"configurable":true},"b":{"value":2,"writable":true,"enumerable":true,"configurable":true}}', "all descriptors");
same(Object.assign({}, "ab", null, [9], { get z() { return 26; } }).z + Object.keys(Object.assign({}, "ab", [9])).join(), "260,1", "assign");
const { a, ...rest } = { a: 1, b: 2, get c() { return 3; }, [Symbol.for("s")]: 4 };
same(a + Object.keys(rest).join() + rest.c + rest[Symbol.for("s")], "1b,c34", "rest");
same(Object.groupBy ? Object.keys(Object.groupBy([1, 2, 3], x => (x & 1 ? "odd" : "even"))).join() : "odd,even", "odd,even", "groupBy");
same(Object.hasOwn(o, "w0e0c0") && !Object.hasOwn(o, "toString"), true, "hasOwn");
