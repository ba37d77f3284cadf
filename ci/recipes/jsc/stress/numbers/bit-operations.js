// about: and, or, xor and not on operands of every representation (int32, double, uint32, strings), constant and not.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const operands = [0, -0, 1, -1, 0x55555555, 0xAAAAAAAA, 0x7FFFFFFF, 0x80000000, -0x80000000, 0xFFFFFFFF, 0x100000000, 0xFFFFFFFFF, 0.5,
    -0.5, 3.99, -3.99, 1e15, -1e15, 2 ** 52 + 1, -(2 ** 52) - 1, 2 ** 53 - 1, NaN, Infinity, -Infinity, 5e-324];
// the same by arithmetic on each bit
const bits = x => {
    if (!isFinite(x)) return 0;
    const t = Math.trunc(x) % 4294967296;
    return t < 0 ? t + 4294967296 : t;
};
function byBit(a, b, rule) {
    let out = 0;
    for (let i = 0, p = 1; i < 32; i++, p *= 2) if (rule(Math.floor(a / p) % 2, Math.floor(b / p) % 2)) out += p;
    return out >= 2147483648 ? out - 4294967296 : out;
}
function and(a, b) { return a & b; }
function or(a, b) { return a | b; }
function xor(a, b) { return a ^ b; }
function not(a) { return ~a; }
for (const a of operands) {
    for (const b of operands) {
        same(and(a, b), byBit(bits(a), bits(b), (x, y) => x && y), `${a} & ${b}`);
        same(or(a, b), byBit(bits(a), bits(b), (x, y) => x || y), `${a} | ${b}`);
        same(xor(a, b), byBit(bits(a), bits(b), (x, y) => x !== y), `${a} ^ ${b}`);
    }
    same(not(a), byBit(bits(a), 0, x => !x), `~${a}`);
}
let h = 0x811C9DC5 | 0;
for (let i = 0; i < 30000; i++) {
    h ^= i & 255;
    h = (h + (h << 1) + (h << 4) + (h << 7) + (h << 8) + (h << 24)) | 0;
}
same(h >>> 0, 3199034549, "FNV-1a by shifts");
let gray = 0, flips = 0;
for (let i = 1; i < 8192; i++) {
    const next = i ^ (i >> 1);
    const changed = next ^ gray;
    if (changed & (changed - 1)) throw new Error(`Gray code ${i}: more than one bit changed`);
    gray = next;
    flips++;
}
same(flips, 8191, "Gray code steps");
same("0xFF" & "15", 15, "hex and decimal text");
same([12] ^ { valueOf: () => 10 }, 6, "objects");
