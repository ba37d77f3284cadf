// about: shift counts are taken modulo 32; ARM's shifts by register use eight bits of the count, x86 five, PowerPC six.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function shl(x, n) { return x << n; }
function shr(x, n) { return x >> n; }
function ushr(x, n) { return x >>> n; }
const xs = [1, -1, 2147483647, -2147483648, 0x12345678, -0x12345678, 0x40000000, 3];
function slowShl(x, n) { for (; n > 0; n--) x = (x + x) | 0; return x; }
function slowShr(x, n) { for (; n > 0; n--) x = (x - (x & 1)) / 2; return x | 0; }
let warm = 0;
for (let i = 0; i < 5000; i++) warm = (warm + shl(i, i & 31) + shr(i, i & 7) + ushr(i, i & 15)) | 0;
same(warm, 5556008, "warm checksum");
for (const x of xs) for (let n = 0; n < 32; n++) {
    const left = slowShl(x, n), right = slowShr(x, n);
    const unsigned = Math.floor((x < 0 ? x + 4294967296 : x) / 2 ** n);
    for (const count of [n, n + 32, n + 64, n + 256, n - 32, n - 64, n + 4294967296, n + 0.75, String(n)]) {
        const c = count < 0 && count % 1 ? n : count;
        same(shl(x, c), left, `${x} << ${c}`);
        same(shr(x, c), right, `${x} >> ${c}`);
        same(ushr(x, c), unsigned, `${x} >>> ${c}`);
    }
}
same(shl(1, NaN), 1, "<< NaN");
same(shl(1, Infinity), 1, "<< Infinity");
same(shr(-8, undefined), -8, ">> undefined");
same(1 << 31, -2147483648, "constant 1 << 31");
same(1 << 32, 1, "constant 1 << 32");
same(-1 >>> 32, 4294967295, "constant -1 >>> 32");
same(5.9 << 1.9, 10, "fractions are dropped");
same(4294967297 << 1, 2, "value is taken modulo 2^32");
same(2 ** 53 << 1, 0, "2^53 << 1");
let rotate = 0x80000001 | 0;
for (let i = 0; i < 4000; i++) rotate = (rotate << 7) | (rotate >>> 25);
same(rotate, 0x80000001 | 0, "rotating 28000 bits is a multiple of 32");
