// about: async generators queue their requests and await in between; for await closes what it leaves.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
let finished = "nothing";
const log = [];
async function* count(n, step = 1) { try { for (let i = 0; i < n; i += step) { const got = yield i; if (got) log.push(got); } return "r"; } finally { log.push("closed"); await null; } }
async function collect(it) { const out = []; for await (const x of it) out.push(x); return out.join(); }
async function* map(it, f) { for await (const x of it) yield f(x); }
async function* take(it, n) { if (n <= 0) return; for await (const x of it) { yield x; if (--n <= 0) return; } }
async function* merge(...its) { for (const it of its) yield* it; }
async function all() {
    same(await collect(count(5)), "0,1,2,3,4", "plain");
    same(await collect(count(2, 0.5)), "0,0.5,1,1.5", "doubles");
    same(await collect([1, Promise.resolve(2), 3]), "1,2,3", "sync source");
    same(await collect(merge(count(2), [Promise.resolve("x")], count(1))), "0,1,x,0", "delegation");
    log.length = 0;
    same(await collect(take(map(count(100), x => x * 2), 3)), "0,2,4", "pipeline");
    same(log.join(), "closed", "the source was closed");
    const g = count(5);
    const results = await Promise.all([g.next("lost"), g.next("a"), g.next("b"), g.return("early"), g.next()]);
    same(results.map(r => `${r.value}${r.done ? "!" : ""}`).join(), "0,1,2,early!,undefined!", "queued requests");
    same(log.join(), "closed,a,b,closed", "what was sent");
    const t = count(5);
    await t.next();
    let e;
    try { await t.throw(new RangeError("thrown in")); } catch (x) { e = x; }
    same(e instanceof RangeError, true, "throw");
    same((await t.next()).done, true, "and it is over");
    async function* failing() { yield 1; throw new Error("from the generator"); }
    const seen = [];
    try { for await (const x of failing()) seen.push(x); } catch (x) { e = x; }
    same(seen.join() + e.message, "1from the generator", "throw from inside");
    const manual = { [Symbol.asyncIterator]() { let i = 0; return { next: async () => ({ value: i++, done: i > 3 }), return: async () => { log.push("return"); return {}; } }; } };
    same(await collect(manual), "0,1,2", "by hand");
    for await (const x of manual) break;
    same(log.pop(), "return", "break calls return");
    let total = 0;
    for await (const x of count(800)) total += x;
    same(total, 319600, "eight hundred");
    const parallel = await Promise.all(Array.from({ length: 40 }, (_, i) => collect(take(count(50, i + 1), 3))));
    same(parallel[9] + parallel[39], "0,10,200,40", "forty at once");
    const o = { async *m() { yield this.k; yield* super.toString ? ["s"] : []; }, k: 1 };
    same(await collect(o.m()), "1,s", "method");
    same(Object.prototype.toString.call(o.m()), "[object AsyncGenerator]", "tag");
    return "end";
}
all().then(v => { finished = v; }, e => { finished = e; });
drainMicrotasks();
if (finished !== "end") throw finished instanceof Error ? finished : new Error(`expected all to end, got ${finished}`);
