// about: collections forced in callbacks, getters, loops and half-built objects: every live value must be found, wherever it is
// (registers, stack slots of each word size, arguments in flight).
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const collect = typeof edenGC === "function" ? edenGC : () => {};
const churn = () => { let a; for (let i = 0; i < 60; i++) a = { i, next: a }; return a; };
let calls = 0;
const step = v => { calls++; churn(); if (calls % 40 === 0) collect(); return v; };
for (let i = 0; i < 60; i++) {
    const o = { a: step({ x: i }), b: step([i, step("s" + i)]), ["k" + step(i)]: step(i + 0.5), get g() { return step({ y: i }); } };
    same(o.a.x + o.b[0] + o.b[1] + o["k" + i] + o.g.y, i + i + ("s" + i) + (i + 0.5) + i, "object literal");
    const list = [step({ i }), step(1.5), ...step([step({ z: i })]), step("t")];
    same(list[0].i + list[2].z, 2 * i, "array literal");
    same([3, 1, 2].map(x => step({ x })).sort((p, q) => { step(); return p.x - q.x; }).map(p => p.x).join(), "1,2,3", "map and sort");
    same("a-b-c".replace(/-/g, () => step("+")), "a+b+c", "replace");
    same(JSON.stringify({ v: [i], toJSON() { return step({ v: this.v, w: step("w") }); } }), `{"v":[${i}],"w":"w"}`, "toJSON");
    same(JSON.parse(`{"a":[1,{"b":${i}}]}`, (k, v) => step(v)).a[1].b, i, "reviver");
    const m = new Map(Array.from({ length: 5 }, (_, k) => [step({ k }), step({ v: k })]));
    same([...m].every(([k, v]) => k.k === v.v), true, "map");
    same(((a, b = step({ d: i }), ...c) => a.x + b.d + c.length)(step({ x: 1 }), undefined, step(1), step({})), i + 3, "arguments");
    class P { f = step({ f: i }); constructor(x = step({ p: 1 })) { this.x = x; } }
    const p = new (class extends P { h = step([this.f]); })();
    same(p.h[0].f + p.x.p, i + 1, "fields");
    same([...(function* () { for (let k = 0; k < 3; k++) { const local = { k }; yield step(local).k + local.k; } })()].join(), "0,2,4", "generator");
    same(`${step({ toString: () => step("x") + i })}${step(i)}`, "x" + i + i, "template");
    const { q = step({ n: i }), r: [s = step({ n: 1 })] = step([]) } = step({});
    same(q.n + s.n, i + 1, "destructuring");
    try { throw step({ thrown: i }); } catch (e) { step(); same(e.thrown, i, "exception"); } finally { step(); }
    same(Object.entries(Object.fromEntries([["a", step({ i })]]))[0][1].i, i, "entries");
    same(new Proxy({}, { get: (t, k) => step({ k }) }).name.k, "name", "proxy");
    same(((1n << 70n) + BigInt(step(i))) - (1n << 70n), BigInt(i), "BigInt");
    let rope = "";
    for (let k = 0; k < 5; k++) rope += step("r" + k) + rope.length;
    same(rope, "r00r13r26r39r412", "rope");
}
function recurse(n, o) { step(); return n ? recurse(n - 1, { o, n }) : o; }
let o = recurse(150, null), n = 0;
for (; o; o = o.o) n++;
same(n, 150, "recursion");
