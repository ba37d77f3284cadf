// about: every trap, its invariants, and proxies on the prototype chain of ordinary objects.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function throws(type, run, what) {
    let got = "no exception";
    try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
    throw new Error(`${what}: expected ${type.name}, got ${got}`);
}
const log = [];
const spy = target => new Proxy(target, new Proxy({}, { get: (_, trap) => (...args) => { log.push(trap); return Reflect[trap](...args); } }));
const p = spy(function f(a) { return a; });
p.x = 1;
p.x;
"x" in p;
delete p.x;
Object.keys(p);
p(1);
new p(1);
Object.getPrototypeOf(p);
Object.setPrototypeOf(p, Object.getPrototypeOf(p));
Object.isExtensible(p);
Object.defineProperty(p, "y", { value: 1, configurable: true });
Object.getOwnPropertyDescriptor(p, "y");
Object.preventExtensions(p);
same(["set", "get", "has", "deleteProperty", "ownKeys", "apply", "construct", "getPrototypeOf", "setPrototypeOf", "isExtensible", "defineProperty", "getOwnPropertyDescriptor", "preventExtensions"].every(t => log.includes(t)), true, "all thirteen traps ran");
const defaults = new Proxy({}, { get: (t, k) => (k in t ? t[k] : `no ${String(k)}`), has: (t, k) => k !== "hidden" });
for (let i = 0; i < 500; i++) { same(defaults["k" + (i % 9)], `no k${i % 9}`, "default values"); same("hidden" in defaults, false, "hidden"); }
const child = Object.create(defaults);
same(child.anything, "no anything", "through the prototype chain");
child.own = 1;
same(child.own, 1, "own property");
const fixed = Object.defineProperty({}, "k", { value: 1 });
throws(TypeError, () => new Proxy(fixed, { get: () => 2 }).k, "get invariant");
throws(TypeError, () => "k" in new Proxy(fixed, { has: () => false }), "has invariant");
throws(TypeError, () => Object.keys(new Proxy(fixed, { ownKeys: () => [] })), "ownKeys invariant");
throws(TypeError, () => { "use strict"; delete new Proxy(fixed, { deleteProperty: () => true }).k; }, "deleteProperty invariant");
throws(TypeError, () => Object.getPrototypeOf(new Proxy(Object.preventExtensions({}), { getPrototypeOf: () => Array.prototype })), "getPrototypeOf invariant");
throws(TypeError, () => { "use strict"; new Proxy({}, { set: () => false }).x = 1; }, "set in strict code");
const { proxy, revoke } = Proxy.revocable({}, {});
proxy.x = 1;
revoke();
throws(TypeError, () => proxy.x, "revoked");
throws(TypeError, () => Array.isArray(proxy), "isArray of a revoked proxy");
same(Array.isArray(new Proxy([], {})), true, "isArray");
same(JSON.stringify(new Proxy([1, { a: 2 }], {})), '[1,{"a":2}]', "JSON");
same([...new Proxy([1, 2, 3], {})].join(), "1,2,3", "iteration");
same([].concat(new Proxy([1, 2], {})).length, 2, "concat");
const negative = list => new Proxy(list, { get: (t, k, r) => Reflect.get(t, typeof k === "string" && k[0] === "-" ? t.length + Number(k) : k, r) });
for (let i = 0; i < 300; i++) same(negative([1, 2, i])[-1], i, "negative index");
same(Reflect.get({ get me() { return this; } }, "me", 5).valueOf(), 5, "Reflect.get with a receiver");
const receiver = {};
same(Reflect.set({ set v(x) { this.got = x; } }, "v", 9, receiver) && receiver.got, 9, "Reflect.set with a receiver");
same(Reflect.apply(Math.max, null, [1, 3, 2]), 3, "Reflect.apply");
class A { constructor() { this.t = new.target; } }
class B {}
same(Reflect.construct(A, [], B).t === B && Reflect.construct(A, [], B) instanceof B, true, "Reflect.construct with a new target");
same(Reflect.ownKeys({ b: 1, a: 2, 1: 3, [Symbol.for("s")]: 4 }).map(String).join(), "1,b,a,Symbol(s)", "Reflect.ownKeys");
same(Reflect.defineProperty(Object.freeze({}), "x", { value: 1 }), false, "Reflect.defineProperty");
throws(TypeError, () => Reflect.get(1, "x"), "Reflect on a primitive");
let chain = {};
for (let i = 0; i < 100; i++) chain = new Proxy(chain, {});
chain.deep = 1;
same(chain.deep, 1, "a hundred proxies deep");
