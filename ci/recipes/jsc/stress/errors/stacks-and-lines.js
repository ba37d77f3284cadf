// about: line and column of a throw are looked up from the return address or bytecode offset of each frame.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function frameLine(e) { return e.line ?? Number(/:(\d+):\d+\)?$/m.exec(e.stack.split("\n").find(l => /stacks-and-lines/.test(l)) || "")?.[1]); }
function thrower() {
    throw new Error("line 6");
}
function wrapper(n) {
    return n ? wrapper(n - 1) : thrower();
}
for (let i = 0; i < 300; i++) {
    let e;
    try { wrapper(i % 5); } catch (x) { e = x; }
    same(frameLine(e), 6, "line of the throw");
    same(e.message, "line 6", "message");
    same((e.stack.match(/wrapper/g) || []).length, i % 5 + 1, "frames of the wrapper");
}
function typeError(o) {
    const before = 1;
    return o.missing.deeper + before;
}
for (let i = 0; i < 300; i++) { let e; try { typeError({}); } catch (x) { e = x; } same(e instanceof TypeError, true, "type"); same(frameLine(e), 20, "line of a type error"); }
const hot = x => { if (x > 997) { throw new RangeError("hot"); } return x; };
let caught = 0;
for (let i = 0; i < 1000; i++) try { hot(i); } catch (e) { caught++; same(frameLine(e), 23, "line in a hot function"); }
same(caught, 2, "hot throws");
const names = [];
const o = { method() { names.push(new Error("x").stack); }, get getter() { names.push(new Error("x").stack); return 1; } };
class K { constructor() { names.push(new Error("x").stack); } static s() { new K(); } }
o.method();
o.getter;
K.s();
[1].forEach(function callback() { names.push(new Error("x").stack); });
for (const [i, n] of ["method", "getter", "K", "callback"].entries()) same(names[i].includes(n), true, `the stack names ${n}`);
for (const [Type, proto] of [[EvalError, "EvalError"], [RangeError, "RangeError"], [ReferenceError, "ReferenceError"], [SyntaxError, "SyntaxError"], [TypeError, "TypeError"], [URIError, "URIError"]]) {
    const e = new Type("m", { cause: 7 });
    same(String(e) + e.cause + (e instanceof Error) + Object.prototype.hasOwnProperty.call(e, "message") + Object.keys(e).length, `${proto}: m7truetrue0`, "error types");
    same(Type.prototype.name + Type("x").message, proto + "x", "call without new");
}
same(String(new Error()) + String(Object.assign(new Error("m"), { name: "" })) + String(Object.assign(new Error(""), { name: "N" })), "ErrormN", "texts");
same("message" in Object.getOwnPropertyDescriptors(new Error()) || "cause" in Object.getOwnPropertyDescriptors(new Error("x")), false, "no empty fields");
const a = new AggregateError([1, new Error("in")], "many");
same(a.errors.length + a.message + (a instanceof Error), "2manytrue", "AggregateError");
for (const [f, Type] of [[() => undefinedName, ReferenceError], [() => null.x, TypeError], [() => (void 0)(), TypeError], [() => new Array(-1), RangeError], [() => decodeURI("%"), URIError], [() => eval("}"), SyntaxError], [() => 1n + 1, TypeError], [() => { "use strict"; undeclared = 1; }, ReferenceError], [() => Symbol() + "", TypeError], [() => new 5, TypeError], [() => ({}) instanceof 5, TypeError], [() => "x" in "y", TypeError], [() => { const c = 1; c++; }, TypeError], [() => (1).toString(99), RangeError], [() => "x".normalize("y"), RangeError], [() => new RegExp("("), SyntaxError], [() => JSON.parse("{"), SyntaxError], [() => super_, ReferenceError], [() => [].reduce(x => x), TypeError], [() => Object.defineProperty(1, "x", {}), TypeError]]) {
    let e;
    try { f(); } catch (x) { e = x; }
    if (!(e instanceof Type) || typeof e.message !== "string" || !e.message) throw new Error(`${f}: expected ${Type.name}, got ${e}`);
}
