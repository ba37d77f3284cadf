// about: copying with overlaps, bit readers, canonical codes: a compressor and its inverse over several kinds of data.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function compress(d) { // literals and (distance, length) pairs found by a hash of three bytes
    const out = [], last = new Map();
    for (let i = 0; i < d.length;) {
        const key = d[i] << 16 | d[i + 1] << 8 | d[i + 2], at = i + 2 < d.length ? last.get(key) : undefined;
        let n = 0;
        if (at !== undefined && i - at < 32768) while (n < 258 && i + n < d.length && d[at + n] === d[i + n]) n++;
        if (i + 2 < d.length) last.set(key, i);
        if (n >= 4) { out.push(256 + n, i - at); i += n; } else out.push(d[i++]);
    }
    return out;
}
function expand(codes, size) { const out = new Uint8Array(size); let o = 0; for (let i = 0; i < codes.length; i++) { const c = codes[i]; if (c < 256) out[o++] = c; else for (let n = c - 256, from = o - codes[++i]; n > 0; n--) out[o++] = out[from++]; } same(o, size, "size"); return out; }
function lengths(freq) { // code lengths by merging the two rarest, ties by number
    let nodes = freq.map((f, s) => ({ f, s, id: s })).filter(n => n.f), id = freq.length;
    if (nodes.length === 1) return freq.map(f => (f ? 1 : 0));
    while (nodes.length > 1) { nodes.sort((a, b) => a.f - b.f || a.id - b.id); const [a, b] = nodes.splice(0, 2); nodes.push({ f: a.f + b.f, a, b, id: id++ }); }
    const out = freq.map(() => 0);
    (function walk(n, d) { if (n.s !== undefined) out[n.s] = d; else { walk(n.a, d + 1); walk(n.b, d + 1); } })(nodes[0], 0);
    return out;
}
function canonical(len) { const codes = []; let code = 0; for (let l = 1; l < 32; l++) { for (let s = 0; s < len.length; s++) if (len[s] === l) codes[s] = code++; code <<= 1; } return codes; }
function pack(symbols, len, codes) { const bytes = []; let acc = 0, n = 0; for (const s of symbols) for (let k = len[s] - 1; k >= 0; k--) { acc = acc << 1 | codes[s] >> k & 1; if (++n === 8) { bytes.push(acc); acc = n = 0; } } if (n) bytes.push(acc << (8 - n)); return Uint8Array.from(bytes); }
function unpack(bytes, count, len, codes) { const table = new Map(); codes.forEach((c, s) => table.set(len[s] * 65536 * 16 + c, s)); const out = []; let code = 0, l = 0; for (let i = 0; out.length < count; i++) { code = code << 1 | bytes[i >> 3] >> (7 - (i & 7)) & 1; l++; const s = table.get(l * 65536 * 16 + code); if (s !== undefined) { out.push(s); code = l = 0; } } return out; }
let seed = 5;
const random = n => { seed = (Math.imul(seed, 1103515245) + 12345) >>> 0; return (seed >>> 16) % n; };
const samples = { empty: [], one: [7], run: new Array(3000).fill(65), text: [..."the quick brown fox jumps over the lazy dog; ".repeat(60)].map(c => c.charCodeAt(0)), ramp: Array.from({ length: 2000 }, (_, i) => i & 255), noise: Array.from({ length: 1200 }, () => random(256)), skewed: Array.from({ length: 3000 }, () => Math.min(random(8), random(8), random(8))) };
const sizes = {};
for (const [name, list] of Object.entries(samples)) {
    const d = Uint8Array.from(list), codes = compress(d);
    same(expand(codes, d.length).join(), d.join(), `${name} by copies`);
    if (!d.length) continue;
    const freq = new Array(256).fill(0);
    for (const b of d) freq[b]++;
    const len = lengths(freq), book = canonical(len), packed = pack(d, len, book);
    let kraft = 0;
    for (const l of len) if (l) kraft += 2 ** -l;
    if (kraft > 1) throw new Error(`${name}: code lengths exceed Kraft's bound: ${kraft}`);
    same(unpack(packed, d.length, len, book).join(), d.join(), `${name} by codes`);
    sizes[name] = codes.length + ":" + packed.length;
}
same(sizes.run, "25:375", "size of the run");
same(sizes.ramp.split(":")[1], "2000", "a flat histogram does not shrink");
same(Number(sizes.skewed.split(":")[1]) < 1000, true, "a skewed one does");
same(Number(sizes.text.split(":")[0]) < 100, true, "a repeated text has few parts");
