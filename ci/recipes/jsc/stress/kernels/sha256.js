// about: 32-bit adds, rotates and big-endian packing; answers from the standard.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const K = new Uint32Array(64), H0 = new Uint32Array(8);
{
    // the constants are the fractions of the roots of the first primes, taken exactly by BigInt
    const root = (n, k) => { let x = 1n << 60n; for (;;) { const y = ((k - 1n) * x + n / x ** (k - 1n)) / k; if (y >= x) return x; x = y; } };
    for (let p = 2, i = 0; i < 64; p++) {
        let prime = true;
        for (let d = 2; d * d <= p; d++) if (p % d === 0) prime = false;
        if (!prime) continue;
        K[i] = Number(root(BigInt(p) << 96n, 3n) & 0xFFFFFFFFn);
        if (i < 8) H0[i] = Number(root(BigInt(p) << 64n, 2n) & 0xFFFFFFFFn);
        i++;
    }
}
same(K[0], 0x428A2F98, "first constant");
same(K[63], 0xC67178F2, "last constant");
same(H0[7], 0x5BE0CD19, "last initial value");
const rotr = (x, n) => (x >>> n) | (x << (32 - n));
function sha256(message) {
    const length = message.length, padded = new Uint8Array((length + 72) >> 6 << 6), view = new DataView(padded.buffer), h = H0.slice(), w = new Int32Array(64);
    padded.set(message);
    padded[length] = 0x80;
    view.setUint32(padded.length - 8, Math.floor(length / 0x20000000));
    view.setUint32(padded.length - 4, length << 3);
    for (let at = 0; at < padded.length; at += 64) {
        for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + 4 * i);
        for (let i = 16; i < 64; i++) {
            const x = w[i - 15], y = w[i - 2];
            w[i] = w[i - 16] + w[i - 7] + (rotr(x, 7) ^ rotr(x, 18) ^ (x >>> 3)) + (rotr(y, 17) ^ rotr(y, 19) ^ (y >>> 10));
        }
        let [a, b, c, d, e, f, g, k] = h;
        for (let i = 0; i < 64; i++) {
            const t1 = (k + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0, t2 = ((rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
            k = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
        }
        h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += k;
    }
    return Array.from(h, x => x.toString(16).padStart(8, "0")).join("");
}
const bytes = s => Uint8Array.from(s, c => c.charCodeAt(0));
same(sha256(bytes("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "nothing");
same(sha256(bytes("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "abc");
same(sha256(bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1", "two blocks");
same(sha256(bytes("a".repeat(10000))), "27dd1f61b867b6a0f6e9d8a41c43231de52107e53ae424de8f847b821db4b711", "ten thousand letters");
for (const n of [55, 56, 63, 64, 65]) same(sha256(new Uint8Array(n).fill(n)), { 55: "f9e3ac6e56363ff68f01e0642921f38b53a23ee735f35bbfc6fed6c25d10f9ec", 56: "16d5189ddf169a234580076802cc1130ab264fb05288c507711eed0ea3813609", 63: "7a0886d9e7c1910452c62a1045761c2e9c20bb9dc23f0eef8940b070438f87b5", 64: "0baca70e52ced8beea55d8aec7889e8ddd5ee512bb8e331c2f60e99170a3809b", 65: "836203944f4c0280461ad73d31457c22ba19d1d99e232dc231000085899e00a2" }[n], `length ${n}`);
