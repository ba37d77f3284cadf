// about: the order of reactions is fixed by the specification; every engine counts its ticks the same.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const log = [];
const say = x => () => { log.push(x); };
Promise.resolve().then(say("1")).then(say("4")).then(say("6"));
Promise.resolve().then(say("2")).then(say("5"));
(async () => { log.push("sync"); await null; log.push("3"); })();
log.push("main");
drainMicrotasks();
same(log.join(), "sync,main,1,2,3,4,5,6", "interleaving");
log.length = 0;
const p = Promise.resolve("v");
new Promise(r => r(p)).then(say("slow"));
p.then(say("a")).then(say("b")).then(say("c"));
drainMicrotasks();
same(log.join(), "a,b,slow,c", "resolving with a promise takes two ticks");
log.length = 0;
(async () => p)().then(say("returned"));
(async () => await p)().then(say("awaited"));
p.then(say("a")).then(say("b")).then(say("c"));
drainMicrotasks();
same(log.join(), "a,awaited,b,returned,c", "return of a promise against await");
log.length = 0;
Promise.reject("r").catch(say("c1")).finally(say("f1")).then(say("t1"));
Promise.reject("r").finally(say("f2")).catch(say("c2"));
Promise.reject("r").then(say("never"), say("r3"));
drainMicrotasks();
same(log.slice().sort().join(), "c1,c2,f1,f2,r3,t1", "all ran");
same(log.indexOf("c1") < log.indexOf("f1") && log.indexOf("f1") < log.indexOf("t1") && log.indexOf("f2") < log.indexOf("c2"), true, "chains are in order");
log.length = 0;
let resolve, reject;
const twice = new Promise((a, b) => { resolve = a; reject = b; });
resolve(1);
resolve(2);
reject(3);
twice.then(v => log.push(v), e => log.push("e" + e));
const self = new Promise(r => { resolve = r; });
resolve(self);
self.catch(e => log.push(e instanceof TypeError));
const executor = new Promise(() => { throw "x"; });
executor.catch(e => log.push(e));
drainMicrotasks();
same(log.join(), "1,true,x", "settled once; never by itself");
class Sub extends Promise { static get [Symbol.species]() { return Promise; } }
same(new Sub(r => r()).then(() => {}) instanceof Sub, false, "species");
same(Sub.resolve(1) instanceof Sub && Sub.all([]) instanceof Sub, true, "statics");
let reads = 0;
const counted = { get then() { reads++; return r => r("done"); } };
let got;
Promise.resolve(counted).then(v => { got = v; });
drainMicrotasks();
same(got + reads, "done1", "then is read once");
const steps = [];
async function walker(name, n) { for (let i = 0; i < n; i++) { steps.push(name + i); await null; } }
walker("a", 3);
walker("b", 2);
walker("c", 4);
drainMicrotasks();
same(steps.join(), "a0,b0,c0,a1,b1,c1,a2,c2,c3", "round robin");
let chain = Promise.resolve(0);
for (let i = 0; i < 3000; i++) chain = chain.then(v => v + 1);
chain.then(v => { got = v; });
drainMicrotasks();
same(got, 3000, "a chain of three thousand");
for (const f of [() => Promise(), () => new Promise(), () => Promise.resolve.call(5), () => Promise.prototype.then.call({})]) { let e; try { f(); } catch (x) { e = x; } if (!(e instanceof TypeError)) throw new Error(`${f}: got ${e}`); }
if (typeof queueMicrotask === "function") { log.length = 0; queueMicrotask(say("q1")); Promise.resolve().then(say("p")); queueMicrotask(say("q2")); drainMicrotasks(); same(log.join(), "q1,p,q2", "queueMicrotask"); }
