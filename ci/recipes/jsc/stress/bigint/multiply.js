// about: products of digits are 64 or 128 bits wide; carries of the schoolbook method at the borders of both.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function mul(a, b) { return a * b; }
for (let i = 1; i <= 150; i += 7) for (let j = 1; j <= 150; j += 11) {
    const p = (1n << BigInt(i)) - 1n, q = (1n << BigInt(j)) - 1n;
    same(mul(p, q), (1n << BigInt(i + j)) - (1n << BigInt(i)) - (1n << BigInt(j)) + 1n, `(2^${i} - 1)(2^${j} - 1)`);
    same(mul(-p, q), -mul(p, q), "sign");
    same(mul(p + 2n, q + 2n), (1n << BigInt(i + j)) + (1n << BigInt(i)) + (1n << BigInt(j)) + 1n, `(2^${i} + 1)(2^${j} + 1)`);
}
let factorial = 1n;
for (let i = 1n; i <= 60n; i++) factorial = mul(factorial, i);
same(factorial, 8320987112741390144276341183223364380754172606361245952449277696409600000000000000n, "60!");
for (let i = 60n; i >= 1n; i--) factorial /= i;
same(factorial, 1n, "and back");
let seed = 1n;
const random = bits => { let r = 0n; for (let i = 0; i < bits; i += 31) { seed = (seed * 1103515245n + 12345n) % 2147483648n; r = r << 31n | seed; } return r; };
for (let i = 0; i < 150; i++) {
    const x = random(31 * (1 + i % 9)), y = random(31 * (1 + i % 5)), z = random(93);
    same(mul(x, y), mul(y, x), "commutes");
    same(mul(x, y + z), mul(x, y) + mul(x, z), "distributes");
    same(mul(mul(x, y), z), mul(x, mul(y, z)), "associates");
    same(mul(x, y) % 4294967291n, mul(x % 4294967291n, y % 4294967291n) % 4294967291n, "modulo a prime near 2^32");
    same(mul(x, y) % 18446744073709551557n, mul(x % 18446744073709551557n, y % 18446744073709551557n) % 18446744073709551557n, "modulo a prime near 2^64");
    same(mul(x + y, x - y), mul(x, x) - mul(y, y), "difference of squares");
}
same(mul(0n, -5n), 0n, "zero");
same(mul(-1n, -1n), 1n, "two signs");
same(mul(123456789012345678901234567890n, 987654321098765432109876543210n), 121932631137021795226185032733622923332237463801111263526900n, "known product");
same(mul(0xFFFFFFFFFFFFFFFFn, 0xFFFFFFFFFFFFFFFFn), 0xFFFFFFFFFFFFFFFE0000000000000001n, "largest digits of 64 bits");
same(mul(0xFFFFFFFFn, 0xFFFFFFFFn), 0xFFFFFFFE00000001n, "largest digits of 32 bits");
