// about: queens, shortest paths, permutations and dynamic programming: branches, recursion and arrays of small ints.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function queens(n, row = 0, cols = 0, d1 = 0, d2 = 0) { if (row === n) return 1; let c = 0; for (let free = ((1 << n) - 1) & ~(cols | d1 | d2); free; free &= free - 1) { const bit = free & -free; c += queens(n, row + 1, cols | bit, (d1 | bit) << 1, (d2 | bit) >> 1); } return c; }
same([4, 5, 6, 7, 8].map(n => queens(n)).join(), "2,10,4,40,92", "queens");
class Heap { constructor() { this.a = []; } push(x) { const a = this.a; let i = a.push(x) - 1; for (let p; i && a[p = (i - 1) >> 1][0] > x[0]; i = p) a[i] = a[p]; a[i] = x; } pop() { const a = this.a, top = a[0], x = a.pop(); if (a.length) { let i = 0; for (let c; (c = 2 * i + 1) < a.length; i = c) { if (c + 1 < a.length && a[c + 1][0] < a[c][0]) c++; if (a[c][0] >= x[0]) break; a[i] = a[c]; } a[i] = x; } return top; } get size() { return this.a.length; } }
const n = 150, edges = Array.from({ length: n }, () => []);
let seed = 11;
const random = k => { seed = (Math.imul(seed, 1103515245) + 12345) >>> 0; return (seed >>> 16) % k; };
for (let i = 0; i < 900; i++) { const a = random(n), b = random(n), w = 1 + random(1000); edges[a].push([b, w]); edges[b].push([a, w + 0.5]); }
const dist = new Float64Array(n).fill(Infinity), heap = new Heap();
dist[0] = 0;
heap.push([0, 0]);
while (heap.size) { const [d, v] = heap.pop(); if (d > dist[v]) continue; for (const [to, w] of edges[v]) if (d + w < dist[to]) { dist[to] = d + w; heap.push([d + w, to]); } }
const bellman = new Array(n).fill(Infinity);
bellman[0] = 0;
for (let r = 0, changed = true; changed && r < n; r++) { changed = false; edges.forEach((list, v) => list.forEach(([to, w]) => { if (bellman[v] + w < bellman[to]) { bellman[to] = bellman[v] + w; changed = true; } })); }
for (let i = 0; i < n; i++) same(dist[i], bellman[i], `distance of ${i}`);
function* permutations(a, k = a.length) { if (k < 2) yield a; else for (let i = 0; i < k; i++) { yield* permutations(a, k - 1); const j = k % 2 ? 0 : i; [a[j], a[k - 1]] = [a[k - 1], a[j]]; } }
const seen = new Set();
let fixed = 0;
for (const p of permutations([0, 1, 2, 3, 4, 5])) { seen.add(p.join("")); if (p.every((x, i) => x !== i)) fixed++; }
same(seen.size + ":" + fixed, "720:265", "permutations and derangements");
function distance(s, t) { let row = Array.from({ length: t.length + 1 }, (_, i) => i); for (let i = 1; i <= s.length; i++) { const next = [i]; for (let j = 1; j <= t.length; j++) next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (s[i - 1] === t[j - 1] ? 0 : 1)); row = next; } return row[t.length]; }
same([["kitten", "sitting"], ["saturday", "sunday"], ["", "abc"], ["\u{1F600}", "\u{1F601}"], ["abcdefghij".repeat(8), "bcdefghijk".repeat(8)]].map(p => distance(...p)).join(), "3,3,3,1,9", "edit distances");
function partitions(m) { const p = new Array(m + 1).fill(0n); p[0] = 1n; for (let k = 1; k <= m; k++) for (let i = k; i <= m; i++) p[i] += p[i - k]; return p[m]; }
same(partitions(100) + "," + partitions(200), "190569292,3972999029388", "partitions");
function sieve(limit) { const s = new Uint8Array(limit + 1); let c = 0; for (let i = 2; i <= limit; i++) { if (s[i]) continue; c++; for (let j = i * i; j <= limit; j += i) s[j] = 1; } return c; }
same(sieve(30000), 3245, "primes below 30000");
function sudoku(g) { const at = g.indexOf("0"); if (at < 0) return g; const r = at / 9 | 0, c = at % 9, used = new Set(); for (let i = 0; i < 9; i++) used.add(g[r * 9 + i]).add(g[i * 9 + c]).add(g[((r / 3 | 0) * 3 + (i / 3 | 0)) * 9 + (c / 3 | 0) * 3 + i % 3]); for (let d = 1; d <= 9; d++) if (!used.has(String(d))) { const s = sudoku(g.slice(0, at) + d + g.slice(at + 1)); if (s) return s; } return null; }
same(sudoku("530070000600195000098000060800060003400803001700020006060000280000419005000080079"), "534678912672195348198342567859761423426853791713924856961537284287419635345286179", "sudoku");
function hanoi(k, a, b, c) { return k ? hanoi(k - 1, a, c, b) + 1 + hanoi(k - 1, c, b, a) : 0; }
same(hanoi(12, "a", "b", "c"), 4095, "towers");
function ackermann(m, k) { return m === 0 ? k + 1 : k === 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, k - 1)); }
same(ackermann(2, 9) + ackermann(3, 3), 82, "Ackermann");
