// about: finally blocks run for returns, breaks, continues and throws, and may override them: completion values are kept in
// registers meanwhile.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const log = [];
const note = x => (log.push(x), x);
function f(how) {
    outer: for (let i = 0; i < 3; i++) {
        try {
            note("t" + i);
            if (how === "return") return note("r");
            if (how === "throw") throw "x";
            if (how === "break") break;
            if (how === "continue") continue;
            if (how === "outer") { for (;;) { try { continue outer; } finally { note("in"); } } }
            if (how === "override") return "lost";
        } catch (e) { note("c" + e); if (i === 1) return "from catch"; } finally { note("f" + i); if (how === "override") return "kept"; }
    }
    return "end";
}
for (const [how, result, trace] of [["return", "r", "t0,r,f0"], ["throw", "from catch", "t0,cx,f0,t1,cx,f1"], ["break", "end", "t0,f0"], ["continue", "end", "t0,f0,t1,f1,t2,f2"], ["outer", "end", "t0,in,f0,t1,in,f1,t2,in,f2"], ["override", "kept", "t0,f0"], ["none", "end", "t0,f0,t1,f1,t2,f2"]])
    for (let i = 0; i < 300; i++) { log.length = 0; same(f(how), result, `result of ${how}`); same(log.join(), trace, `trace of ${how}`); }
const returns = (n, x) => { try { return n / x; } finally { x = 100; n = "changed"; } };
for (let i = 1; i < 2000; i++) same(returns(i, 2), i / 2, "the value is kept");
function swallow() { try { throw new Error("lost"); } finally { return "swallowed"; } }
function loopSwallow() { let n = 0; for (;;) { try { n++; throw n; } finally { if (n < 5) continue; break; } } return n; }
function chain() { try { try { throw 1; } finally { throw 2; } } catch (e) { return e; } }
function deep(n) { try { return n ? deep(n - 1) + "t" : "0"; } finally { counted++; } }
let counted = 0;
for (let i = 0; i < 200; i++) { same(swallow(), "swallowed", "return in finally"); same(loopSwallow(), 5, "continue in finally"); same(chain(), 2, "throw in finally"); }
same(deep(200), "0" + "t".repeat(200), "deep");
same(counted, 201, "every finally ran");
function nested() { const out = []; try { try { out.push(1); throw "a"; } catch (e) { out.push(e); throw "b"; } finally { out.push(2); } } catch (e) { out.push(e); } finally { out.push(3); } return out.join(); }
for (let i = 0; i < 300; i++) same(nested(), "1,a,2,b,3", "nested");
function* g() { try { yield 1; yield 2; } finally { log.push("cleanup"); yield "last"; } }
log.length = 0;
for (const x of g()) { if (x === 1) break; }
same(log.join(), "cleanup", "break out of a generator");
const it = g();
it.next();
same(it.return("early").value, "last", "yield in a finally");
same(it.next().value, "early", "then the early value");
function scopes() { const fs = []; for (let i = 0; i < 3; i++) { try { fs.push(() => i); if (i === 1) throw i; } catch (i) { fs.push(() => "c" + i); } finally { fs.push(() => "f" + i); } } return fs.map(x => x()).join(); }
for (let i = 0; i < 100; i++) same(scopes(), "0,f0,1,c1,f1,2,f2", "closures");
const doubles = () => { let x = 0.1; try { x += 0.2; throw x; } catch (e) { return [x === e, x + 0.3]; } };
for (let i = 0; i < 500; i++) same(doubles().join(), "true,0.6000000000000001", "doubles across a throw");
same((() => { try { null.x; } catch { return "no binding"; } })(), "no binding", "catch without a binding");
same((() => { try { throw { a: [1, { b: 2 }] }; } catch ({ a: [x, { b }] }) { return x + b; } })(), 3, "destructured");
same(eval("1; try { 2; } finally { 3; }"), 2, "completion value");
