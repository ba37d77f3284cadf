// about: text to double has to be correctly rounded; the fast paths (Eisel-Lemire, long double) differ by word size.
// Hard cases lie next to the middle between two doubles. Table from exact rational arithmetic (tables.py parse).
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const view = new DataView(new ArrayBuffer(8));
const table = [
    ["9007199254740993", 0x43400000, 0x00000000],
    ["9007199254740992.999999999999999999999999999", 0x43400000, 0x00000000],
    ["9007199254740993.00000000000000000000001", 0x43400000, 0x00000001],
    ["2.2250738585072011e-308", 0x000fffff, 0xffffffff],
    ["2.2250738585072012e-308", 0x00100000, 0x00000000],
    ["4.9406564584124654e-324", 0x00000000, 0x00000001],
    ["2.4703282292062327e-324", 0x00000000, 0x00000000],
    ["2.4703282292062328e-324", 0x00000000, 0x00000001],
    ["1.7976931348623158e308", 0x7fefffff, 0xffffffff],
    ["1.7976931348623159e308", 0x7ff00000, 0x00000000],
    ["0.1", 0x3fb99999, 0x9999999a],
    ["1e23", 0x44b52d02, 0xc7e14af6],
    ["8.41e21", 0x447c7e83, 0x209e90b2],
    ["5e-324", 0x00000000, 0x00000001],
    ["123456789012345678901234567890", 0x45f8ee90, 0xff6c373e],
    ["0.000000000000000000000000000000000000000000000000000000000001", 0x3379b604, 0xaaaca626],
    ["6.631236846766476e-316", 0x00000000, 0x08000000],
    ["3.237883913302901e-319", 0x00000000, 0x0000ffff],
    ["179769313486231580793728971405301e276", 0x7fefffff, 0xffffffff],
    ["1.306493029894060026950106454746383909823e-298", 0x0215dfac, 0x924770d4],
    ["4.4305187951060825e-131", 0x24df72ae, 0x7b89296d],
    ["4.564999551927886341921837354289450153280e-166", 0x1d9aeb41, 0x34c2da80],
    ["4.084508082851247522e-223", 0x11c2e601, 0xd2d6b878],
    ["3.645747435490919492799807013127014471452e-148", 0x2152a595, 0x08ceac3a],
    ["3.220363983114144811e-285", 0x04dea5dd, 0x53e8eb44],
    ["1.496148982766683846568809e-15", 0x3cdaf3c4, 0xf3d06f87],
    ["1.145736449397200017e-179", 0x1ac7c571, 0x0b680c1c],
    ["8.380151406678359084055100499970567873604e-200", 0x1699a88a, 0x9a6ab329],
    ["7.884677358480433508215951e-222", 0x1206cd03, 0x6bd7f503],
    ["1.984871287802022760789573e-255", 0x0b0dcd8b, 0x74f2e2ed],
    ["1.725076379785324159e-197", 0x1714a1d7, 0xa96ec2b3],
    ["1.432969715020734703e-72", 0x31044134, 0x74f942cb],
    ["9.698149664075982872862767799486637142372e-174", 0x1c03306d, 0xf829d29f],
    ["5.5453183131200697e-129", 0x254ec02c, 0x0b54aa23],
    ["2.302456600328554027e-267", 0x08930180, 0x3c53d0e3],
    ["7.160881694185073526046836e-29", 0x3a16b198, 0xf0e58651],
    ["2.068834270797501154e-196", 0x174eedf3, 0x894deab5],
    ["9.434703927478805204862383780518893759192e-104", 0x2a8b0c50, 0x507a2561],
    ["8.7059123017971317e-164", 0x1e140db7, 0x6f9fb997],
    ["4.545331991160980406875782e-129", 0x25493495, 0xa7298c66],
    ["5.856377785239230359e-154", 0x201f6891, 0xd814d576],
    ["1.614530936880127334667229445769976889507e-239", 0x0e5aea0e, 0xd798c9cf],
    ["2.7692370271772990e-297", 0x025cfa27, 0x3d061438],
];
for (const [source, high, low] of table)
    for (const [way, value] of [["Number", Number(source)], ["parseFloat", parseFloat(source + "x")], ["eval", (0, eval)(source)], ["JSON", JSON.parse(source)]]) {
        view.setFloat64(0, value);
        if (view.getUint32(0) !== high || view.getUint32(4) !== low)
            throw new Error(`${way}(${source}): expected bits ${high.toString(16)} ${low.toString(16)}, got ${view.getUint32(0).toString(16)} ${view.getUint32(4).toString(16)}`);
        same(-Number("-" + source), value, `-${source}`);
    }
same(Number("1" + "0".repeat(308)), 1e308, "309 digits");
same(Number("1" + "0".repeat(400)), Infinity, "401 digits");
same(Number("0." + "0".repeat(400) + "1"), 0, "400 zeros");
same(Number("0." + "0".repeat(400) + "1e401"), 1, "zeros and an exponent");
same(Number("1" + "0".repeat(400) + "e-400"), 1, "digits and an exponent");
same(Number("9".repeat(800)), Infinity, "800 nines");
same(Number("0." + "9".repeat(800)), 1, "0. and 800 nines");
same(Number("1e99999999999999999999"), Infinity, "huge exponent");
same(Number("1e-99999999999999999999"), 0, "huge negative exponent");
same(Number("0e99999999999999999999"), 0, "zero with a huge exponent");
same(Number("-0e5"), -0, "negative zero");
