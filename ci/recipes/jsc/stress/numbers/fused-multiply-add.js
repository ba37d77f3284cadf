// about: compilers for machines with a fused multiply-add (arm64, ppc64, s390x, riscv64) like to contract a * b + c into one
// rounding; JavaScript wants two. Table from exact rational arithmetic (tables.py fused).
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const table = [
    [13.946633753792375, 0.4710415905292764, -6.569444545915653, 0],
    [0.31184387822358567, 13.539704999530837, -4.222274117058515, -1.5472068071176182e-12],
    [-2.3057443873360906, -10.774300613531082, -24.84278330248801, -1.353669176751282e-07],
    [1.0207350188619346, -10.108283127315424, 10.317878568614764, -7.320366535168432e-12],
    [10.637995086016648, 24.208984906545037, -257.53506246995545, 3.3218725548067596e-09],
    [-7.215146909730753, 1.8922880862406763, 13.653136537759735, 0],
    [10.169647982325234, -0.3908583470169365, 3.9748918001157643, 0],
    [1.6434264533157812, 25.18711091871348, -41.39316436641248, 0],
    [3.4442073499455774, -20.66904586009977, 71.18847966771784, 0],
    [0.5097139450881629, -2.7906777289321103, 1.4224473537833797, -9.00281182936169e-10],
    [1.5020418022087105, 31.60397828427676, -47.470497187565435, -6.884854215627456e-07],
    [-13.425350089638853, 1.451092476157383, 19.481424504847222, -6.561862164744525e-12],
    [0.21627583928848185, -0.6868765356676616, 0.14855479918558018, -5.3508170116955966e-11],
    [-0.7796135139133018, -0.07803574767222017, -0.06083772345359133, 0],
    [0.2454588814792837, -1.4559234031132564, 0.35736932995917614, -8.85160833519194e-11],
    [-3.732723279154286, 0.9622868742905988, 3.5919506168847266, -4.405364961712621e-12],
    [18.434098654777355, -1.4831267905734398, 27.340105574975663, 1.5631940186722204e-12],
    [-1.142031606338706, -0.06485860783437082, -0.07407058008997869, 0],
    [0.16971172732466666, 0.25807527815505255, -0.04379840049685573, 7.386320513558253e-10],
    [-1.380067871509788, -1.9798429289277142, -2.73231758730548, 2.954349520578603e-08],
    [-1.595711887425013, 0.7508963602172545, 1.1982156186597093, 1.3704368617695195e-06],
    [25.614312629868692, 7.168830165249617, -183.62465704313695, 0],
    [0.20412436268726156, -3.2277337989744206, 0.6588591046397873, 0],
    [1.1356587845968018, -0.32622677209541867, 0.370482299500821, 0],
];
function madd(a, b, c) { return a * b + c; }
function msub(a, b, c) { return a * b - c; }
function nmsub(a, b, c) { return c - a * b; }
for (let round = 0; round < 150; round++) for (const [a, b, c, want] of table) {
    same(madd(a, b, c), want, `${a} * ${b} + ${c}`);
    same(msub(a, b, -c), want, `${a} * ${b} - ${-c}`);
    same(nmsub(a, b, -c), want === 0 ? 0 : -want, `${-c} - ${a} * ${b}`);
}
const a = new Float64Array(table.map(row => row[0])), b = new Float64Array(table.map(row => row[1])), c = new Float64Array(table.map(row => row[2]));
const out = new Float64Array(table.length);
for (let round = 0; round < 50; round++) for (let i = 0; i < out.length; i++) out[i] = a[i] * b[i] + c[i];
for (let i = 0; i < out.length; i++) same(out[i], table[i][3], `row ${i} through typed arrays`);
function dot(x, y, z, w) { return x * y + z * w; }
same(dot(1e16, 1, 1, -1e16), 0, "dot product that cancels");
same(dot(134217729, 134217729, -134217728, 134217730), 0, "dot product of rounded squares");
let s = 0;
for (let i = 0; i < 1000; i++) s = s + 0.1 * i;
same(s, 49950, "sum of products");
function discriminant(p, q, r) { return q * q - 4 * p * r; }
same(discriminant(1.1, 2.2, 1.1), 0, "a discriminant of zero");
function single(x, y, z) { return Math.fround(Math.fround(x * y) + z); }
same(single(1.0000001192092896, 1.0000001192092896, -1.000000238418579), 0, "single precision is rounded twice too");
