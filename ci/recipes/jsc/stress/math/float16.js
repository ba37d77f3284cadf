// about: half precision: rounding from double in one step, not by way of single. Table: tables.py half.
if (typeof Float16Array === "undefined" || typeof Math.f16round !== "function") {
    print("SKIPPED: no Float16Array");
} else {
    const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
    function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
    const table = [
    [0.1, 0.0999755859375, 0x2e66],
    [0.3333333333333333, 0.333251953125, 0x3555],
    [2049, 2048, 0x6800],
    [2051, 2052, 0x6802],
    [65504, 65504, 0x7bff],
    [65519.99, 65504, 0x7bff],
    [65520, Infinity, 0x7c00],
    [5.960464477539063e-08, 5.960464477539063e-08, 0x0001],
    [2.9802322387695312e-08, 0, 0x0000],
    [2.980232238769532e-08, 5.960464477539063e-08, 0x0001],
    [8.940696716308594e-08, 1.1920928955078125e-07, 0x0002],
    [6.103515625e-05, 6.103515625e-05, 0x0400],
    [6.097555160522461e-05, 6.097555160522461e-05, 0x03ff],
    [1e-300, 0, 0x0000],
    [-23.507558616985687, -23.5, 0xcde0],
    [4.906579654512905, 4.90625, 0x44e8],
    [-121512.71309473302, -Infinity, 0xfc00],
    [0.0003991688689819216, 0.0003991127014160156, 0x0e8a],
    [0.04068885137430913, 0.040679931640625, 0x2935],
    [-7141.0271550045445, -7140, 0xeef9],
    [-0.0004368266142396602, -0.0004367828369140625, 0x8f28],
    [1.4446566786306226e-05, 1.4424324035644531e-05, 0x00f2],
    [-5967.005721597558, -5968, 0xedd4],
    [-0.0095651223170006, -0.0095672607421875, 0xa0e6],
    [-6.77242614181089e-07, -6.556510925292969e-07, 0x800b],
    [182.15972830722671, 182.125, 0x59b1],
    [0.006104081676839073, 0.006103515625, 0x1e40],
    [9.412211888042272e-07, 9.5367431640625e-07, 0x0010],
    [-0.0006704435326963061, -0.0006704330444335938, 0x917e],
    [-0.01022558029375527, -0.010223388671875, 0xa13c],
    [3.465646525188089e-07, 3.5762786865234375e-07, 0x0006],
    [-2.2087301932816988e-08, -0, 0x8000],
    [59.65737434168618, 59.65625, 0x5375],
    [29.43818540596614, 29.4375, 0x4f5c],
    [15015.612923956314, 15016, 0x7355],
    [4.9303153537959956e-08, 5.960464477539063e-08, 0x0001],
    [-0.6161306891824193, -0.6162109375, 0xb8ee],
    [-9.174459779766878e-08, -1.1920928955078125e-07, 0x8002],
    [21.109994565035656, 21.109375, 0x4d47],
    [1.2588281859380358e-06, 1.2516975402832031e-06, 0x0015],
    [0.0005476146665134992, 0.0005474090576171875, 0x107c],
    [9.689218781627059e-08, 1.1920928955078125e-07, 0x0002],
    [-2.0108231386597128e-07, -1.7881393432617188e-07, 0x8003],
    [-31125.408643436505, -31120, 0xf799],
    ];
    const view = new DataView(new ArrayBuffer(3)), halves = new Float16Array(2);
    for (let round = 0; round < 30; round++) for (const [x, want, bits] of table) {
        same(Math.f16round(x), want, `f16round(${x})`);
        same(Math.f16round(-x), -want, `f16round(${-x})`);
        halves[1] = x;
        same(halves[1], want, `Float16Array of ${x}`);
        view.setFloat16(1, x);
        same(view.getUint16(1), bits, `bits of ${x}`);
        same(view.getFloat16(1), want, `DataView of ${x}`);
        view.setFloat16(0, x, true);
        same(view.getUint8(0) + view.getUint8(1) * 256, bits, `little-endian bits of ${x}`);
    }
    for (const [x, want] of [[NaN, NaN], [Infinity, Infinity], [-0, -0], [65519.99999999999, 65504], [65520, Infinity], [-1e9, -Infinity], [1.00048828125, 1],
        [1.0004882812500002, 1.0009765625], [1.0014648437499998, 1.0009765625], [1.00146484375, 1.001953125]])
        same(Math.f16round(x), want, `f16round(${text(x)})`);
    // every one of the 65536 patterns, decoded by hand
    const bits = new Uint16Array(1), floats = new Float16Array(bits.buffer);
    for (let i = 0; i < 65536; i += 7) {
        bits[0] = i;
        const e = i >> 10 & 31, m = i & 1023, size = e === 31 ? (m ? NaN : Infinity) : e ? (1024 + m) * 2 ** (e - 25) : m * 2 ** -24;
        same(floats[0], i & 32768 ? -size : size, `pattern ${i.toString(16)}`);
    }
    same([...Float16Array.of(0.1, 1e6, -1e-9).map(v => v * 2)].join(), "0.199951171875,Infinity,0", "map");
}
