// about: fields, private names, static blocks, super, new.target: each has opcodes of its own.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function throws(type, run, what) {
    let got = "no exception";
    try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
    throw new Error(`${what}: expected ${type.name}, got ${got}`);
}
let order = [];
const note = x => (order.push(x), x);
class Base {
    a = note("a");
    [note("computed")] = note("b");
    static s = note("static");
    static { note("block"); this.t = this.s + "!"; }
    constructor() { note("constructor"); this.made = new.target.name; }
    method() { return "base"; }
}
same(order.join(), "computed,static,block", "order of definition");
order = [];
class Derived extends Base {
    c = note("c") + this.a;
    constructor() { note("before"); super(); note("after"); }
    method() { return "derived of " + super.method(); }
    get viaArrow() { return (() => super.method())(); }
}
const d = new Derived();
same(order.join(), "before,a,b,constructor,c,after", "order of construction");
same(d.c + d.made + d.method() + d.viaArrow + Base.t, "caDerivedderived of basebasestatic!", "values");
class Counter {
    #n = 0; #step; static #all = 0;
    constructor(step = 1) { this.#step = step; Counter.#all++; }
    next() { this.#n += this.#step; this.#check(); return this.#n; }
    #check() { if (this.#n > 2 ** 33) throw new RangeError("too far"); }
    get #twice() { return this.#n * 2; }
    set #twice(v) { this.#n = v / 2; }
    double() { this.#twice = this.#twice * 2; return this.#n; }
    static is(o) { return #n in o; }
    static get all() { return Counter.#all; }
    peek(o) { return o.#n; }
}
const c = new Counter(), half = new Counter(0.5), big = new Counter(2147483647);
for (let i = 1; i <= 2000; i++) { same(c.next(), i, "private int"); same(half.next(), i / 2, "private double"); }
for (let i = 1; i <= 4; i++) same(big.next(), i * 2147483647, "private beyond int32");
throws(RangeError, () => big.next(), "private method throws");
same(c.double(), 4000, "private accessors");
same(Counter.is(c) && !Counter.is({}) && Counter.all === 3, true, "brand");
throws(TypeError, () => c.peek({}), "wrong brand");
throws(TypeError, () => Counter(), "call of a class");
throws(ReferenceError, () => new (class extends Base { constructor() { return; } })(), "no super call");
throws(ReferenceError, () => new (class extends Base { constructor() { super(); super(); } })(), "two super calls");
throws(TypeError, () => class extends 5 {}, "extends a number");
throws(TypeError, () => new (class extends null {})(), "extends null");
class Stack extends Array { top() { return this[this.length - 1]; } }
const s = Stack.from([1, 2, 3]);
same(s.top() + s.length + s.map(x => x * 2).top() + Number(s instanceof Array), 13, "subclass of Array");
s.length = 1;
same(s.top(), 1, "length of a subclass");
class Problem extends Error { constructor(m, code) { super(m); this.code = code; } get name() { return "Problem"; } }
same(String(new Problem("bad", 7)) + new Problem("x", 8).code, "Problem: bad8", "subclass of Error");
class Fn extends Function {}
same(new Fn("a", "return a * 2")(21), 42, "subclass of Function");
const mixin = P => class extends P { mixed() { return "m" + (super.mixed ? super.mixed() : ""); } };
class M extends mixin(mixin(Object)) {}
same(new M().mixed(), "mm", "mixins");
same(typeof class { static name() {} }.name, "function", "static method called name");
const made = [];
for (let i = 0; i < 300; i++) made.push(class { static id = i; value = i * 2; #p = i; sum() { return this.value + this.#p; } });
for (let i = 0; i < 300; i++) same(new made[i]().sum() + made[i].id, i * 4, "three hundred classes");
class Fluent { static #cache = new Map(); static of(k) { return Fluent.#cache.get(k) ?? (Fluent.#cache.set(k, new Fluent()), Fluent.#cache.get(k)); } }
same(Fluent.of(1) === Fluent.of(1) && Fluent.of(1) !== Fluent.of(2), true, "private static map");
same(Object.getOwnPropertyNames(Counter.prototype).join(), "constructor,next,double,peek", "private names do not show");
