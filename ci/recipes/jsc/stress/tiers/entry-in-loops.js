// about: a loop that gets hot is entered in its middle by compiled code: every local moves from the interpreter's frame.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function one(n) {
    let i = 0, d = 0.1, s = "", b = true, u = 0xFFFFFFFF, big = 2 ** 40, a = [], o = { k: 0 }, nul = null, und, f = x => x + i, neg = -0, bi = 1n;
    for (; i < n; i++) {
        d = d * 1.0000001 + 0.5;
        b = !b;
        u = (u - 3) >>> 0;
        big += 65536;
        o.k ^= i;
        if (i % 1000 === 0) { s += i / 1000; a.push(f(1)); bi = bi * 3n + BigInt(i); }
        if (nul !== null || und !== undefined || !Object.is(neg, -0)) throw new Error(`constants changed at ${i}`);
    }
    return [i, d, s, b, u, big, a.join("+"), o.k, bi].join();
}
same(one(25000), "25000,12515.737652732874,0123456789101112131415161718192021222324,true,4294892295,1101150027776,1+1001+2001+3001+4001+5001+6001+7001+8001+9001+10001+11001+12001+13001+14001+15001+16001+17001+18001+19001+20001+21001+22001+23001+24001,0,212669440957443", "one long loop");
same(one(25000), "25000,12515.737652732874,0123456789101112131415161718192021222324,true,4294892295,1101150027776,1+1001+2001+3001+4001+5001+6001+7001+8001+9001+10001+11001+12001+13001+14001+15001+16001+17001+18001+19001+20001+21001+22001+23001+24001,0,212669440957443", "again, compiled");
function nested(n) { let t = 0; for (let i = 0; i < n; i++) { let row = i * 0.5; for (let j = 0; j < n; j++) { row += j; if (row > 1e6) row = -1; } t += row; } return t; }
same(nested(160), 160 * 159 * 80 + 0.5 * 159 * 80, "nested");
same(nested(2) + nested(160), 2.5 + 160 * 159 * 80 + 0.5 * 159 * 80, "short after long");
(function () { "use strict"; let x = 1; for (let i = 0; i < 30000; i++) { x = (x * 16807) % 2147483647; } same(x, 1517832099, "minimal standard generator"); })();
function withCatch(n) { let caught = 0, s = 0; for (let i = 0; i < n; i++) { try { if (i % 500 === 499) throw i; s += i & 3; } catch (e) { caught += e; } } return caught + ":" + s; }
same(withCatch(20000), "409960:29880", "try inside");
function whileLoop(n) { const stack = [n]; let visited = 0, sum = 0; while (stack.length) { const x = stack.pop(); visited++; sum += x; if (x > 1) { stack.push(x >> 1, x - (x >> 1)); } } return visited + ":" + sum; }
same(whileLoop(4000), "7999:51904", "a stack of work");
function* gen(n) { let a = 0, b = 0.5; for (let i = 0; i < n; i++) { a += i; b += 0.25; if (i % 5000 === 0) yield a + b; } return a + b; }
same([...gen(15001)].join(), "0.75,12503750.75,50007500.75,112511250.75", "loop inside a generator");
var globalSum = 0;
for (var gi = 0; gi < 30000; gi++) { globalSum += gi % 7; globalThis["slot" + (gi & 3)] = gi; }
same(globalSum + slot3, 119994, "loop at the top level");
let top = 0, half = 0;
for (let i = 0; i < 30000; i++) { top = (top + i * i) % 65521; half += 0.5; }
same(top + half, 76888, "loop over top-level bindings");
const labels = n => { let c = 0; a: for (let i = 0; i < n; i++) { for (let j = 0; ; j++) { c++; if (j === 3) continue a; if (i * j > 50000) break a; } } return c; };
same(labels(10000), 40000, "labelled");
const arrow = n => { let acc = []; for (let i = 0; i < n; i++) { acc = i % 100 ? acc : []; acc[i % 100] = i; } return acc.length + acc[acc.length - 1]; };
same(arrow(20050), 50 + 20049, "array made anew");
