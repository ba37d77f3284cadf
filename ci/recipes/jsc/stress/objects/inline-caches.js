// about: property loads patch themselves to the shapes they see: one, a few, too many; patched code has to reach the
// instruction cache (not coherent on ARM, MIPS, PowerPC) before it runs.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function getX(o) { return o.x; }
function setX(o, v) { o.x = v; }
const shapes = [o => ({ x: o }), o => ({ a: 1, x: o }), o => ({ a: 1, b: 2, x: o }), o => Object.assign(Object.create({ p: 1 }), { x: o }), o => { const f = () => 1; f.x = o; return f; }, o => Object.assign([1, 2], { x: o }),
    o => new (class { constructor() { this.x = o; } })(), o => ({ get x() { return o; }, set x(v) { o = v; } }), o => Object.create({ x: o }), o => Object.defineProperty({}, "x", { value: o, writable: true }),
    o => new Proxy({ x: o }, {}), o => Object.assign(Object.create(null), { x: o }), o => { const d = { x: o }; delete d.q; d.q = 1; delete d.q; return d; }, o => Object.assign(new Map(), { x: o })];
for (let count = 1; count <= shapes.length; count++) {
    const objects = shapes.slice(0, count).map((make, i) => make(i * 10));
    for (let round = 0; round < 120; round++) objects.forEach((o, i) => {
        const want = i * 10 + round;
        setX(o, want);
        same(getX(o), want, `shape ${i} of ${count}`);
    });
}
const many = [];
for (let i = 0; i < 200; i++) { const o = {}; for (let k = 0; k < i % 50; k++) o["p" + k] = k; o.x = i; many.push(o); }
for (let round = 0; round < 10; round++) for (let i = 0; i < 200; i++) same(getX(many[i]), i, "megamorphic load");
for (const v of [1, "s", true, 1n, Symbol.iterator, /r/, NaN]) same(getX(v), undefined, "load from a primitive");
for (const bad of [null, undefined]) { let e; try { getX(bad); } catch (x) { e = x; } if (!(e instanceof TypeError)) throw new Error(`load from ${bad}: got ${e}`); }
Number.prototype.x = "from the prototype";
same(getX(5), "from the prototype", "after the prototype got one");
delete Number.prototype.x;
same(getX(5), undefined, "and lost it");
// a property that appears on the prototype chain below the holder
const top = { x: "top" }, middle = Object.create(top), leaf = Object.create(middle);
for (let i = 0; i < 500; i++) same(getX(leaf), "top", "two links up");
middle.x = "middle";
same(getX(leaf), "middle", "shadowed in the middle");
leaf.x = "leaf";
same(getX(leaf), "leaf", "shadowed at the leaf");
delete leaf.x;
delete middle.x;
same(getX(leaf), "top", "uncovered again");
Object.setPrototypeOf(middle, { x: "other" });
same(getX(leaf), "other", "another prototype");
function len(v) { return v.length; }
const lengths = [[1, 2], "abc", new Uint8Array(4), { length: "five" }, (a, b, c, d, e, f) => 0, (function () { return arguments; })(1, 2, 3, 4, 5, 6, 7), new String("12345678")];
for (let i = 0; i < 300; i++) lengths.forEach((v, k) => same(len(v), k === 3 ? "five" : [2, 3, 4, 0, 6, 7, 8][k], "length of many kinds"));
function has(o, k) { return k in o; }
for (let i = 0; i < 500; i++) { same(has(top, "x"), true, "in"); same(has(leaf, "y"), false, "not in"); }
