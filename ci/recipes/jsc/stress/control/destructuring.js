// about: patterns compile to long sequences with defaults, evaluated in a fixed order.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const log = [];
const note = (k, v) => (log.push(k), v);
function f({ a = note("da", 1), b: { c = note("dc", 2), ...rest } = note("db", { d: 4 }), [note("key", "e")]: e = note("de", 5) } = note("d", {}), [x = note("dx", 6), , y, ...z] = note("dl", [undefined, 7, 8, 9, 10])) { return [a, c, JSON.stringify(rest), e, x, y, z].join(); }
for (let i = 0; i < 200; i++) {
    log.length = 0;
    same(f(), '1,2,{"d":4},5,6,8,9,10', "all defaults");
    same(log.join(), "d,da,db,dc,key,de,dl,dx", "order of defaults");
    same(f({ a: i, b: { c: 0.5 }, e: null }, "wxyz"), `${i},0.5,{},,w,y,z`, "given");
}
let a = 1, b = 2.5, c = "c";
for (let i = 0; i < 3000; i++) [a, b, c] = [b, c, a];
same([a, b, c].join(), "1,2.5,c", "rotation");
const o = {};
[o.x, o["y"], ...o.z] = [1, 2, 3, 4];
({ p: o.p, q: [o.q] = [9] } = { p: 5 });
same(JSON.stringify(o), '{"x":1,"y":2,"z":[3,4],"p":5,"q":9}', "into properties");
same((({ length }) => length)("four"), 4, "from a primitive");
for (const bad of [null, undefined]) for (const g of [() => { const {} = bad; }, () => { const { x } = bad; }, () => { const [] = bad; }, () => (({ x }) => x)(bad)]) { let e; try { g(); } catch (x) { e = x; } if (!(e instanceof TypeError)) throw new Error(`${g} of ${bad}: got ${e}`); }
const { 0: first, [1]: second, length: n } = ["zero", "one"];
same(first + second + n, "zeroone2", "array as object");
const { a: { b: { c: { d: deep = "default" } = {} } = {} } = {} } = { a: { b: {} } };
same(deep, "default", "deep defaults");
function swap(list, i, j) { [list[i], list[j]] = [list[j], list[i]]; }
const list = Array.from({ length: 100 }, (_, i) => i);
for (let i = 0; i < 2000; i++) swap(list, i % 100, (i * 37) % 100);
same(list.slice().sort((x, y) => x - y).join(), Array.from({ length: 100 }, (_, i) => i).join(), "swaps lose nothing");
let count = 0;
for (const { k, v = k * 2, ...others } of [{ k: 1 }, { k: 2, v: 0 }, { k: 3, w: 1 }]) count += v + Object.keys(others).length;
same(count, 2 + 0 + 6 + 1, "in a loop");
for (const [i, { length }] of ["a", "bb", "ccc"].entries()) same(length, i + 1, "nested in a loop");
for (let [i, j] = [0, 10]; i < j; [i, j] = [i + 1, j - 1]) count++;
same(count, 14, "in a for head");
const { x: alias = (() => "lazy")(), __proto__: proto, ...rest } = { x: undefined, own: 1 };
same(alias + (proto === Object.prototype) + JSON.stringify(rest), 'lazytrue{"own":1}', "aliases");
const fn = function ({ name = "unnamed" } = {}) { return name; };
same(fn() + fn({ name: "n" }) + fn.length, "unnamedn0", "function with a pattern");
const { f1 = function () {}, f2 = () => {}, f3 = class {} } = {};
same([f1.name, f2.name, f3.name].join(), "f1,f2,f3", "names of defaults");
let e;
try { const { z = w, w } = {}; } catch (x) { e = x; }
same(e instanceof ReferenceError, true, "used before its time");
const [d1, d2] = new Float64Array([0.1, 0.2]), [i1, i2] = new Int32Array([-1, 2147483647]);
same(d1 + d2 + i1 + i2, 2147483646.3, "from typed arrays");
