// about: multiplications modulo 2^32 and 2^64, rotates, and little-endian words at unaligned places.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const ascii = s => Uint8Array.from(s, c => c.charCodeAt(0));
const P = [2654435761, 2246822519, 3266489917, 668265263, 374761393].map(x => x | 0), rotl = (x, n) => (x << n) | (x >>> (32 - n));
function xxh32(d, seed = 0) {
    const v = new DataView(d.buffer, d.byteOffset, d.length);
    let i = 0, h;
    if (d.length >= 16) {
        let a = (seed + P[0] + P[1]) | 0, b = (seed + P[1]) | 0, c = seed | 0, e = (seed - P[0]) | 0;
        const round = (x, at) => Math.imul(rotl((x + Math.imul(v.getInt32(at, true), P[1])) | 0, 13), P[0]);
        for (; i <= d.length - 16; i += 16) { a = round(a, i); b = round(b, i + 4); c = round(c, i + 8); e = round(e, i + 12); }
        h = (rotl(a, 1) + rotl(b, 7) + rotl(c, 12) + rotl(e, 18)) | 0;
    } else h = (seed + P[4]) | 0;
    h = (h + d.length) | 0;
    for (; i + 4 <= d.length; i += 4) h = Math.imul(rotl((h + Math.imul(v.getInt32(i, true), P[2])) | 0, 17), P[3]);
    for (; i < d.length; i++) h = Math.imul(rotl((h + Math.imul(d[i], P[4])) | 0, 11), P[0]);
    h = Math.imul(h ^ (h >>> 15), P[1]);
    h = Math.imul(h ^ (h >>> 13), P[2]);
    return (h ^ (h >>> 16)) >>> 0;
}
same(xxh32(ascii("")), 0x02CC5D05, "xxh32 of nothing");
same(xxh32(ascii("abc")), 0x32D153FF, "xxh32 of abc");
const data = Uint8Array.from({ length: 1003 }, (_, i) => (i * 31) & 255);
for (const [from, to, seed, want] of [[0, 16, 0, 2523416528], [1, 17, 0, 1287665286], [3, 1003, 0, 16116173], [0, 1003, 2654435761, 3714741511], [5, 20, 1, 1284558738], [7, 8, 0, 953743893], [2, 35, 4294967295, 1255560525], [1, 1000, 7, 4268588134]]) same(xxh32(data.subarray(from, to), seed), want, `xxh32 of ${from} to ${to}`);
const M = 0xFFFFFFFFFFFFFFFFn, rot64 = (x, n) => ((x << n) | (x >> (64n - n))) & M;
function siphash(key, d) {
    const v = new DataView(d.buffer, d.byteOffset, d.length), k = new DataView(key.buffer), k0 = k.getBigUint64(0, true), k1 = k.getBigUint64(8, true);
    let v0 = k0 ^ 0x736F6D6570736575n, v1 = k1 ^ 0x646F72616E646F6Dn, v2 = k0 ^ 0x6C7967656E657261n, v3 = k1 ^ 0x7465646279746573n;
    const round = () => {
        v0 = (v0 + v1) & M; v1 = rot64(v1, 13n) ^ v0; v0 = rot64(v0, 32n); v2 = (v2 + v3) & M; v3 = rot64(v3, 16n) ^ v2;
        v0 = (v0 + v3) & M; v3 = rot64(v3, 21n) ^ v0; v2 = (v2 + v1) & M; v1 = rot64(v1, 17n) ^ v2; v2 = rot64(v2, 32n);
    };
    const add = m => { v3 ^= m; round(); round(); v0 ^= m; };
    let i = 0;
    for (; i + 8 <= d.length; i += 8) add(v.getBigUint64(i, true));
    let last = BigInt(d.length & 255) << 56n;
    for (let s = 0n; i < d.length; i++, s += 8n) last |= BigInt(d[i]) << s;
    add(last);
    v2 ^= 255n;
    for (let r = 0; r < 4; r++) round();
    return v0 ^ v1 ^ v2 ^ v3;
}
const key = Uint8Array.from({ length: 16 }, (_, i) => i), input = Uint8Array.from({ length: 64 }, (_, i) => i);
same(siphash(key, input.subarray(0, 15)), 0xA129CA6149BE45E5n, "the example of its paper");
same(siphash(key, input.subarray(0, 0)), 0x726FDB47DD0E0E31n, "nothing");
for (const [from, to, want] of [[0, 1, 0x74f839c593dc67fdn], [0, 7, 0xab0200f58b01d137n], [0, 8, 0x93f5f5799a932462n], [1, 9, 0x95d2f9f9731548e1n], [3, 64, 0x772a241c4303de1cn], [0, 63, 0x958a324ceb064572n]]) same(siphash(key, input.subarray(from, to)), want, `siphash of ${from} to ${to}`);
