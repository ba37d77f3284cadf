// about: changing prototypes in use invalidates watchpoints that optimised code depends on.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function A() {}
A.prototype.m = function () { return "A"; };
A.prototype.k = 1;
const objects = [];
for (let i = 0; i < 20; i++) objects.push(new A());
function call(o) { return o.m(); }
function total(list) { let s = 0; for (const o of list) s += o.k; return s; }
for (let i = 0; i < 1000; i++) same(call(objects[i % 20]), "A", "method");
for (let i = 0; i < 200; i++) same(total(objects), 20, "prototype data");
A.prototype.k = 2;
same(total(objects), 40, "changed data");
A.prototype.m = function () { return "changed"; };
same(call(objects[0]), "changed", "changed method");
objects[3].m = () => "own";
same(objects.map(call).join("").replace(/changed/g, ""), "own", "one with its own");
delete objects[3].m;
same(call(objects[3]), "changed", "and without");
Object.setPrototypeOf(objects[5], { m: () => "moved", k: 100 });
same(call(objects[5]), "moved", "moved object");
same(total(objects), 38 + 100, "sum with the moved one");
delete A.prototype.m;
let e;
try { call(objects[0]); } catch (x) { e = x; }
same(e instanceof TypeError, true, "method is gone");
Object.prototype.m = () => "from Object";
same(call(objects[0]), "from Object", "found at the top");
delete Object.prototype.m;
const holes = [1, , 3];
function third(a) { return a[1]; }
for (let i = 0; i < 1000; i++) same(third(holes), undefined, "hole");
Array.prototype[1] = "from the prototype";
same(third(holes), "from the prototype", "element on Array.prototype");
same([, ,].join("-"), "-from the prototype", "join sees it");
delete Array.prototype[1];
same(third(holes), undefined, "gone again");
const keys = [];
for (const k in Object.create({ inherited: 1 }, { own: { value: 1, enumerable: true }, hidden: { value: 1 } })) keys.push(k);
same(keys.join(), "own,inherited", "for-in");
same(Object.getPrototypeOf(Object.create(null)), null, "no prototype");
for (const f of [() => Object.setPrototypeOf(Object.prototype, {}), () => { const x = {}, y = Object.create(x); Object.setPrototypeOf(x, y); }, () => Object.setPrototypeOf(Object.preventExtensions({}), {})]) { e = null; try { f(); } catch (x) { e = x; } if (!(e instanceof TypeError)) throw new Error(`${f}: got ${e}`); }
same({ __proto__: Array.prototype } instanceof Array, true, "__proto__ in a literal");
same(Object.keys({ ["__proto__"]: 1 }).join(), "__proto__", "computed __proto__ is a name");
let deep = { v: "bottom" };
for (let i = 0; i < 300; i++) deep = Object.create(deep);
for (let i = 0; i < 50; i++) same(deep.v, "bottom", "three hundred links");
same(deep.missing, undefined, "missing after three hundred links");
function Shape() { return Shape.result; }
for (const [result, kept] of [[5, false], [null, false], [{}, true], [[], true], ["s", false], [() => 1, true], [undefined, false], [1n, false]]) { Shape.result = result; same(new Shape() === result, kept, "what a constructor returns"); }
for (let i = 0; i < 300; i++) { function F() { this.i = i; } F.prototype = { get v() { return this.i * 2; } }; same(new F().v, i * 2, "fresh prototype each time"); }
