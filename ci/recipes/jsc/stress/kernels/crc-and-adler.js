// about: table-driven and bitwise checksums in 32 and 64 bits, byte by byte and word by word.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const data = new Uint8Array(4099), view = new DataView(data.buffer);
for (let i = 0; i < data.length; i++) data[i] = (i * 167 + (i >> 3)) & 255;
const table = new Uint32Array(256).map((_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xEDB88320 : n >>> 1; return n; });
function crc32(d) { let c = -1; for (let i = 0; i < d.length; i++) c = table[(c ^ d[i]) & 255] ^ (c >>> 8); return ~c >>> 0; }
function crc32Bitwise(d) { let c = 0xFFFFFFFF; for (const b of d) { c ^= b; for (let k = 0; k < 8; k++) c = (c >>> 1) ^ (0xEDB88320 & -(c & 1)); } return (c ^ 0xFFFFFFFF) >>> 0; }
const slices = [table];
for (let k = 1; k < 4; k++) slices.push(slices[k - 1].map(c => (c >>> 8) ^ table[c & 255]));
function crc32Words(d) {
    let c = -1, i = 0;
    for (; i + 4 <= d.length; i += 4) { c ^= view.getInt32(i, true); c = slices[3][c & 255] ^ slices[2][(c >>> 8) & 255] ^ slices[1][(c >>> 16) & 255] ^ slices[0][c >>> 24]; }
    for (; i < d.length; i++) c = table[(c ^ d[i]) & 255] ^ (c >>> 8);
    return ~c >>> 0;
}
const ascii = s => Uint8Array.from(s, c => c.charCodeAt(0));
same(crc32(ascii("123456789")), 0xCBF43926, "check value");
same(crc32(data), 3366290164, "table");
same(crc32Bitwise(data), 3366290164, "bitwise");
same(crc32Words(data), 3366290164, "words");
function adler(d) { let a = 1, b = 0; for (let i = 0; i < d.length; i++) { a = (a + d[i]) % 65521; b = (b + a) % 65521; } return ((b << 16) | a) >>> 0; }
function adlerLazy(d) { let a = 1, b = 0; for (let i = 0; i < d.length;) { for (const end = Math.min(i + 3000, d.length); i < end; i++) { a += d[i]; b += a; } a %= 65521; b %= 65521; } return b * 65536 + a; }
same(adler(ascii("Wikipedia")), 0x11E60398, "check value of Adler");
same(adler(data), 3009804639, "Adler");
same(adlerLazy(data), 3009804639, "Adler with late remainders");
const poly = 0xC96C5795D7870F42n, table64 = Array.from({ length: 256 }, (_, n) => { let c = BigInt(n); for (let k = 0; k < 8; k++) c = c & 1n ? (c >> 1n) ^ poly : c >> 1n; return c; });
function crc64(d) { let c = 0xFFFFFFFFFFFFFFFFn; for (const b of d) c = table64[Number((c ^ BigInt(b)) & 255n)] ^ (c >> 8n); return c ^ 0xFFFFFFFFFFFFFFFFn; }
same(crc64(ascii("123456789")), 0x995DC9BBDF1939FAn, "check value of CRC-64/XZ");
function crc16(d) { let c = 0xFFFF; for (const b of d) { c ^= b << 8; for (let k = 0; k < 8; k++) c = c & 0x8000 ? ((c << 1) ^ 0x1021) & 0xFFFF : (c << 1) & 0xFFFF; } return c; }
same(crc16(ascii("123456789")), 0x29B1, "CRC-16 of a certain committee");
function fletcher(d) { let a = 0, b = 0; for (let i = 0; i + 1 < d.length; i += 2) { a = (a + (d[i] | d[i + 1] << 8)) % 65535; b = (b + a) % 65535; } return b * 65536 + a; }
same(fletcher(ascii("abcdef")), 0x56502d2a, "Fletcher-32");
