// about: getters and setters are called from patched code with their own frames; they may throw, recurse, or change the object.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
class Temperature {
    #c = 0;
    static made = 0;
    constructor(c) { this.#c = c; Temperature.made++; }
    get f() { return this.#c * 9 / 5 + 32; }
    set f(v) { this.#c = (v - 32) * 5 / 9; }
    get self() { return this; }
    static get count() { return Temperature.made; }
}
const t = new Temperature(100);
for (let i = 0; i < 2000; i++) { t.f = 32 + 9 * i; same(t.f, 32 + 9 * i, "round trip"); same(t.self, t, "this"); }
same(Temperature.count, 1, "static getter");
function read(o) { return o.v; }
let calls = 0;
const plain = { v: 1 }, getter = { get v() { calls++; return calls; } }, inherited = Object.create(getter), thrower = { get v() { throw new RangeError("from the getter"); } };
for (let i = 0; i < 1000; i++) { same(read(plain), 1, "data"); same(read(getter), 2 * i + 1, "getter"); same(read(inherited), 2 * i + 2, "inherited getter"); }
for (let i = 0; i < 300; i++) { let e; try { read(thrower); } catch (x) { e = x; } same(e instanceof RangeError && e.message, "from the getter", "throwing getter"); }
const lazy = { get v() { Object.defineProperty(this, "v", { value: 42, writable: true }); return 41; } };
same(read(lazy) + read(lazy), 83, "getter that replaces itself");
Object.defineProperty(plain, "v", { get() { return "now a getter"; }, configurable: true });
same(read(plain), "now a getter", "data becomes accessor");
Object.defineProperty(plain, "v", { value: 7 });
same(read(plain), 7, "accessor becomes data");
function write(o, x) { o.v = x; return o; }
const log = [], target = { set v(x) { log.push(x); } };
for (let i = 0; i < 500; i++) write(target, i);
same(log.length + log[499], 999, "setter");
write(Object.create(target), "child");
same(log[500], "child", "inherited setter");
const readOnly = Object.create(Object.defineProperty({}, "v", { value: 1 }));
write(readOnly, 2);
same(readOnly.v + Object.keys(readOnly).length, 1, "read-only in the prototype");
let e;
try { (function () { "use strict"; readOnly.v = 2; })(); } catch (x) { e = x; }
same(e instanceof TypeError, true, "in strict code it throws");
e = null;
try { (function () { "use strict"; getter.v = 2; })(); } catch (x) { e = x; }
same(e instanceof TypeError, true, "no setter");
class Base { get who() { return "base of " + this.name; } set who(v) { this.name = v; } }
class Derived extends Base { get who() { return "derived " + super.who; } set who(v) { super.who = v + "!"; } }
const d = new Derived();
for (let i = 0; i < 500; i++) { d.who = i; same(d.who, `derived base of ${i}!`, "super accessors"); }
same(5..constructor.name + "x".constructor.name, "NumberString", "from primitives");
Object.defineProperty(Number.prototype, "me", { get() { "use strict"; return typeof this; }, configurable: true });
same((5).me, "number", "strict getter on a primitive");
delete Number.prototype.me;
const deep = { get v() { return this.n-- > 0 ? this.v + 1 : 0; }, n: 100 };
same(deep.v, 100, "recursive getter");
const array = [1, 2, 3];
Object.defineProperty(array, 1, { get: () => "element getter" });
same(array.join(), "1,element getter,3", "accessor element");
same(Object.getOwnPropertyDescriptor(getter, "v").set, undefined, "descriptor");
