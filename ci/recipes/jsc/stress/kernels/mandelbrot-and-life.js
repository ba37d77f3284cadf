// about: loops of doubles with early exits, and bit boards with shifts across word borders.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function escape(cx, cy, limit) { let x = 0, y = 0, n = 0; while (n < limit && x * x + y * y <= 4) { const t = x * x - y * y + cx; y = 2 * x * y + cy; x = t; n++; } return n; }
let total = 0, inside = 0;
for (let j = 0; j < 40; j++) for (let i = 0; i < 60; i++) { const n = escape(i / 20 - 2.25, j / 20 - 0.975, 60); total += n; if (n === 60) inside++; }
same(total, 47376, "iterations");
same(inside, 634, "points inside");
same(escape(-0.75, 0.1, 1000), 33, "near the neck");
same(escape(-2, 0, 500), 500, "the tip");
same(escape(0.25, 0, 500), 500, "the cusp");
// life on a torus of 64 columns: each row is a pair of 32-bit words
const rows = 48;
function step(low, high) {
    const nl = new Int32Array(rows), nh = new Int32Array(rows), left = (l, h) => [(l << 1) | (h >>> 31), (h << 1) | (l >>> 31)], right = (l, h) => [(l >>> 1) | (h << 31), (h >>> 1) | (l << 31)];
    for (let r = 0; r < rows; r++) {
        let a0 = 0, b0 = 0, c0 = 0, a1 = 0, b1 = 0, c1 = 0; // bit-sliced counters of the two words
        for (let d = -1; d <= 1; d++) {
            const q = (r + d + rows) % rows, around = [left(low[q], high[q]), right(low[q], high[q])];
            if (d) around.push([low[q], high[q]]);
            for (const [x, y] of around) { let t = a0 & x; a0 ^= x; c0 |= b0 & t; b0 ^= t; t = a1 & y; a1 ^= y; c1 |= b1 & t; b1 ^= t; }
        }
        nl[r] = b0 & ~c0 & (a0 | low[r]);
        nh[r] = b1 & ~c1 & (a1 | high[r]);
    }
    return [nl, nh];
}
function plain(grid) { return grid.map((row, r) => row.map((c, k) => { let n = 0; for (let i = -1; i <= 1; i++) for (let j = -1; j <= 1; j++) if (i || j) n += grid[(r + i + rows) % rows][(k + j + 64) % 64]; return n === 3 || (n === 2 && c) ? 1 : 0; })); }
let low = new Int32Array(rows), high = new Int32Array(rows), seed = 3;
for (let r = 0; r < rows; r++) { seed = (Math.imul(seed, 1664525) + 1013904223) | 0; low[r] = seed ^ (seed >> 7); seed = (Math.imul(seed, 1664525) + 1013904223) | 0; high[r] = seed & (seed >> 3); }
let grid = Array.from({ length: rows }, (_, r) => Array.from({ length: 64 }, (_, k) => (k < 32 ? low[r] >>> k : high[r] >>> (k - 32)) & 1));
for (let s = 0; s < 8; s++) {
    [low, high] = step(low, high);
    grid = plain(grid);
    for (let r = 0; r < rows; r++) for (let k = 0; k < 64; k++) if (((k < 32 ? low[r] >>> k : high[r] >>> (k - 32)) & 1) !== grid[r][k]) throw new Error(`generation ${s + 1}, row ${r}, column ${k}: expected ${grid[r][k]}`);
}
const count = x => { x -= (x >>> 1) & 0x55555555; x = (x & 0x33333333) + ((x >>> 2) & 0x33333333); return Math.imul((x + (x >>> 4)) & 0x0F0F0F0F, 0x01010101) >>> 24; };
same(low.reduce((s, x) => s + count(x), 0) + high.reduce((s, x) => s + count(x), 0), grid.flat().reduce((s, x) => s + x, 0), "living cells by population count");
