// about: bit operations on sign-and-magnitude digits have to behave as if in two's complement of endless width.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const samples = [0n, 1n, -1n, 2n, -2n, 255n, -256n, 0x7FFFFFFFn, -0x80000000n, 0xFFFFFFFFn, -0xFFFFFFFFn, 0x100000000n, -0x100000000n, 0x7FFFFFFFFFFFFFFFn,
    -0x8000000000000000n, 0xFFFFFFFFFFFFFFFFn, -0xFFFFFFFFFFFFFFFFn, 0x10000000000000000n, -0x10000000000000000n, -0x10000000000000001n, 2n ** 96n, -(2n ** 96n),
    0xAAAAAAAAAAAAAAAAAAAAAAAAn, -0x555555555555555555555555n, 123456789012345678901234567890n, -987654321098765432109876543210n];
const width = 160n, mask = (1n << width) - 1n;
const bits = x => (x < 0n ? x + (1n << width) : x).toString(2).padStart(160, "0");
const value = s => { const u = BigInt("0b" + s); return s[0] === "1" ? u - (1n << width) : u; };
const combine = (a, b, rule) => { let s = ""; for (let i = 0; i < 160; i++) s += rule(a[i] === "1", b[i] === "1") ? "1" : "0"; return value(s); };
function and(a, b) { return a & b; }
function or(a, b) { return a | b; }
function xor(a, b) { return a ^ b; }
for (const a of samples) {
    const sa = bits(a);
    for (const b of samples) {
        const sb = bits(b);
        same(and(a, b), combine(sa, sb, (x, y) => x && y), `${a} & ${b}`);
        same(or(a, b), combine(sa, sb, (x, y) => x || y), `${a} | ${b}`);
        same(xor(a, b), combine(sa, sb, (x, y) => x !== y), `${a} ^ ${b}`);
    }
    same(~a, -a - 1n, `~${a}`);
    same(a & mask, a < 0n ? a + (1n << width) : a, "masking");
    for (let i = 0; i < 20; i++) same(xor(xor(a, samples[i]), samples[i]), a, "xor twice");
}
let h = 0xcbf29ce484222325n;
for (let i = 0; i < 400; i++) h = ((h ^ BigInt(i & 255)) * 0x100000001b3n) & 0xFFFFFFFFFFFFFFFFn;
same(h, 0xebef8c93d36217f5n, "FNV-1a of 64 bits");
