// about: async functions are generators driven by the microtask queue; values of every representation cross each await.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const log = [], tick = () => Promise.resolve();
let finished = "nothing";
async function values() { for (const v of [1, 0.5, -0, 2147483648, "s", null, undefined, NaN, 2n ** 70n, true]) same(await v, v, "awaited value"); return "values"; }
async function order() { log.push("a"); await null; log.push("b"); try { await Promise.reject(new Error("x")); } catch (e) { log.push(e.message); } finally { await tick(); log.push("f"); } return log.join(""); }
async function sum(n) { let s = 0, d = 0.5, t = ""; for (let i = 0; i < n; i++) { s += await i; d += 0.5; if (i % 100 === 0) { t += await Promise.resolve(i / 100); await tick(); } } return [s, d, t].join(); }
async function deep(n) { return n ? 1 + (await deep(n - 1)) : 0; }
async function thrower(n) { if (n === 0) throw new RangeError("bottom"); try { await thrower(n - 1); } finally { log.push(n); } }
const arrow = async (a, { b } = { b: 2 }, ...c) => a + b + c.length + (await 1);
class C { #v = 5; async m() { await null; return this.#v; } static async s() { return (await new C().m()) * 2; } get v() { return (async () => this.#v)(); } }
const thenable = { then(resolve) { resolve(42); } }, bad = { then() { throw "from then"; } };
async function all() {
    await values();
    same(await order(), "abxf", "order");
    same(await sum(1500), `1124250,750.5,01234567891011121314`, "loop with awaits");
    same(await deep(200), 200, "deep");
    log.length = 0;
    try { await thrower(5); same(0, 1, "thrower returned"); } catch (e) { same(e instanceof RangeError && log.join(), "1,2,3,4,5", "unwinding"); }
    same(await arrow(1), 4, "arrow");
    same(await C.s() + await new C().v, 15, "methods");
    same(await thenable, 42, "thenable");
    try { await bad; same(0, 1, "bad thenable"); } catch (e) { same(e, "from then", "thenable that throws"); }
    same((await Promise.all([1, tick().then(() => 2), thenable])).join(), "1,2,42", "all");
    same((await Promise.allSettled([1, Promise.reject(2)])).map(r => r.status[0]).join(""), "fr", "allSettled");
    same(await Promise.race([new Promise(() => {}), 7]), 7, "race");
    same(await Promise.any([Promise.reject(1), 8]), 8, "any");
    try { await Promise.any([Promise.reject(1)]); } catch (e) { same(e instanceof AggregateError && e.errors.join(), "1", "any of none"); }
    const many = await Promise.all(Array.from({ length: 500 }, async (_, i) => { await null; if (i % 50 === 0) await tick(); return i; }));
    same(many.reduce((a, b) => a + b), 124750, "five hundred at once");
    return "end";
}
all().then(v => { finished = v; }, e => { finished = e; });
drainMicrotasks();
if (finished !== "end") throw finished instanceof Error ? finished : new Error(`expected all to end, got ${finished}`);
