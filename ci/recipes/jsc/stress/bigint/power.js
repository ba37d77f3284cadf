// about: exponentiation by squaring, and modular powers: RSA with a known key of 512 bits.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function throws(type, run, what) {
    let got = "no exception";
    try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
    throw new Error(`${what}: expected ${type.name}, got ${got}`);
}
for (let b = -20n; b <= 20n; b++) { let want = 1n; for (let e = 0n; e < 40n; e++) { same(b ** e, want, `${b} ** ${e}`); want *= b; } }
same(2n ** 0n, 1n, "2 ** 0");
same(0n ** 0n, 1n, "0 ** 0");
same((-1n) ** (2n ** 70n), 1n, "-1 to a huge even power");
same((-1n) ** (2n ** 70n + 1n), -1n, "-1 to a huge odd power");
same(0n ** (2n ** 70n), 0n, "0 to a huge power");
same(String(7n ** 77n), "118181386580595879976868414312001964434038548836769923458287039207", "7 ** 77");
throws(RangeError, () => 2n ** -1n, "negative exponent");
throws(RangeError, () => 2n ** (2n ** 64n), "too large");
function modPow(b, e, m) {
    let r = 1n;
    for (b %= m; e > 0n; e >>= 1n) { if (e & 1n) r = r * b % m; b = b * b % m; }
    return r;
}
const p = 0xf78003b64dc064fea710e9ad255b3564738f0940d42b6e1692c4fe4794d68159n, q = 0xc504c897340cdd4ab8c15d3e269a6b780c5322b9784e163152db8134ea63d3afn, n = p * q, e = 65537n, d = 0x5362806c1e4db1484a225c69532c1ffb39f493c3a792749ecdf22c5f2b5ac96ac1843141ad0363df9e1d6af914db4fd78382598d065199dd07c81cec4f0000a1n;
const message = BigInt("0x" + Array.from("an int32 walks into a double", c => c.charCodeAt(0).toString(16)).join(""));
const cipher = modPow(message, e, n);
same(cipher, 0x1e894c0b1ac1dd73a7e5347cb474826cca2c0c467071f7aa08585e384b56b44d4354bdc4aa0fa264237cf27516587830668364be52336f99a4f9bb1a618f5148n, "cipher text");
same(modPow(cipher, d, n), message, "deciphered");
same(modPow(3n, p - 1n, p), 1n, "Fermat for p");
same(modPow(5n, q - 1n, q), 1n, "Fermat for q");
function gcd(a, b) { while (b) [a, b] = [b, a % b]; return a; }
same(gcd(2n ** 120n * 3n ** 50n, 2n ** 60n * 5n ** 70n), 2n ** 60n, "gcd");
same(gcd(n, p * 12345n), p, "gcd finds the prime");
