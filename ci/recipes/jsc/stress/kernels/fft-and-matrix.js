// about: number theoretic transform and exact integer matrices: every step has one right answer.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const MOD = 998244353;
const mulMod = (a, b) => { const high = Math.floor(a / 65536), low = a & 65535; return ((high * b % MOD) * 65536 + low * b) % MOD; };
const powMod = (b, e) => { let r = 1; for (; e; e = Math.floor(e / 2), b = mulMod(b, b)) if (e & 1) r = mulMod(r, b); return r; };
function ntt(a, invert) {
    const n = a.length;
    for (let i = 1, j = 0; i < n; i++) { let bit = n >> 1; for (; j & bit; bit >>= 1) j ^= bit; j ^= bit; if (i < j) [a[i], a[j]] = [a[j], a[i]]; }
    for (let len = 2; len <= n; len <<= 1) {
        let w = powMod(3, (MOD - 1) / len);
        if (invert) w = powMod(w, MOD - 2);
        for (let i = 0; i < n; i += len) for (let k = 0, x = 1; k < len / 2; k++) { const u = a[i + k], v = mulMod(a[i + k + len / 2], x); a[i + k] = u + v >= MOD ? u + v - MOD : u + v; a[i + k + len / 2] = u >= v ? u - v : u - v + MOD; x = mulMod(x, w); }
    }
    if (invert) { const inverse = powMod(n, MOD - 2); for (let i = 0; i < n; i++) a[i] = mulMod(a[i], inverse); }
    return a;
}
same(powMod(3, MOD - 1), 1, "3 is a unit");
same(mulMod(998244352, 998244352), 1, "(-1)(-1)");
const digits = (s, n) => { const out = new Array(n).fill(0); for (let i = 0; i < s.length; i++) out[i] = s.charCodeAt(s.length - 1 - i) - 48; return out; };
function multiply(x, y) { let n = 1; while (n < x.length + y.length) n *= 2; const a = ntt(digits(x, n)), b = ntt(digits(y, n)), c = ntt(a.map((v, i) => mulMod(v, b[i])), true); let carry = 0, out = ""; for (let i = 0; i < n; i++) { carry += c[i]; out = carry % 10 + out; carry = Math.floor(carry / 10); } return out.replace(/^0+(?=.)/, ""); }
for (const [x, y] of [["0", "0"], ["9", "9"], ["123456789", "987654321"], ["9".repeat(60), "9".repeat(60)], [String(7n ** 90n), String(11n ** 70n)]]) same(multiply(x, y), String(BigInt(x) * BigInt(y)), `${x.slice(0, 9)} times ${y.slice(0, 9)}`);
const signal = Float64Array.from({ length: 256 }, (_, i) => (i * i * 7 + 3) % 1009), back = ntt(ntt(signal.slice()), true);
for (let i = 0; i < 256; i++) same(back[i], signal[i], "there and back");
// matrices: powers of the Fibonacci matrix, a determinant, an inverse over rationals
const times = (A, B) => A.map(r => B[0].map((_, j) => r.reduce((s, x, k) => s + x * B[k][j], 0)));
let F = [[1, 1], [1, 0]], P = [[1, 0], [0, 1]];
for (let i = 0; i < 78; i++) P = times(P, F);
same(P[0][1], 8944394323791464, "fib(78)");
function determinant(m) { // Bareiss: all divisions are exact
    m = m.map(r => r.map(BigInt));
    let sign = 1n, prev = 1n;
    for (let k = 0; k < m.length - 1; k++) {
        if (m[k][k] === 0n) { const s = m.findIndex((r, i) => i > k && r[k] !== 0n); if (s < 0) return 0n; [m[k], m[s]] = [m[s], m[k]]; sign = -sign; }
        for (let i = k + 1; i < m.length; i++) for (let j = k + 1; j < m.length; j++) m[i][j] = (m[i][j] * m[k][k] - m[i][k] * m[k][j]) / prev;
        prev = m[k][k];
    }
    return sign * m[m.length - 1][m.length - 1];
}
same(determinant([[2, 0, 1], [1, 3, 2], [1, 1, 1]]), 0n, "singular");
const vandermonde = Array.from({ length: 7 }, (_, i) => Array.from({ length: 7 }, (_, j) => (i + 2) ** j));
same(determinant(vandermonde), 24883200n, "Vandermonde of 2 to 8");
const big = 40, A = Array.from({ length: big }, (_, i) => Float64Array.from({ length: big }, (_, j) => (i * j + i) % 17)), B = Array.from({ length: big }, (_, i) => Int32Array.from({ length: big }, (_, j) => (i + 3 * j) % 13));
let trace = 0;
for (let r = 0; r < 3; r++) { trace = 0; for (let i = 0; i < big; i++) for (let k = 0; k < big; k++) trace += A[i][k] * B[k][i]; }
same(trace, 70413, "trace of a product of doubles and ints");
