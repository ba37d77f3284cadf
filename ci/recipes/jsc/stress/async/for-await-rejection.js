// about: an async loop over an ordinary iterable awaits each element; one that is rejected has to end the loop with a throw,
// not leave it waiting for ever.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
let outcome = "never settled";
const log = [];
async function loop(source) { try { for await (const x of source) log.push(x); return "ran through"; } catch (e) { return "caught " + e.message; } finally { log.push("finally"); } }
async function delegate(source) { async function* g() { yield* source; } try { for await (const x of g()) log.push(x); return "ran through"; } catch (e) { return "caught " + e.message; } }
async function all() {
    same(await loop([1, Promise.resolve(2)]), "ran through", "resolved elements");
    same(await loop([1, Promise.reject(new Error("second")), 3]), "caught second", "rejected element");
    same(log.join(), "1,2,finally,1,finally", "what ran");
    same(await delegate(new Set([Promise.reject(new Error("in a set"))])), "caught in a set", "through a delegation");
    return "end";
}
all().then(v => { outcome = v; }, e => { outcome = e; });
drainMicrotasks();
if (outcome !== "end") throw outcome instanceof Error ? outcome : new Error(`expected the loops to end, got ${outcome}`);
