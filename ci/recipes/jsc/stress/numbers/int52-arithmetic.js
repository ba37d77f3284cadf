// about: between 2^31 and 2^52 the 64-bit JIT works on 52-bit integers and 32-bit ones on doubles; both must agree.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function mix(a, b, c) { return (a * 3 + b) - c; }
let x = 4294967296, check = 0;
for (let i = 0; i < 20000; i++) { x = mix(x, i, x * 2); check = (check + x) % 1000003; }
same(x, 4294967296 + 19999 * 10000, "accumulated");
same(check, 552749, "checksum");
let fib = [0, 1];
for (let i = 2; i <= 78; i++) fib.push(fib[i - 1] + fib[i - 2]);
same(fib[78], 8944394323791464, "fib(78), the last below 2^53");
same(fib[78] + fib[77], 14472334024676220, "fib(79) rounds to even");
function clock(days, h, m, s) { return ((days * 24 + h) * 60 + m) * 60 + s; }
for (let i = 0; i < 3000; i++) same(clock(i + 100000, 1, 2, 3) - clock(i + 99999, 1, 2, 3), 86400, "a day");
same(clock(100000000, 23, 59, 59), 8640000086399, "far day");
let top = 4503599627370490;
for (let i = 0; i < 2000; i++) top += 1;
same(top, 4503599627372490, "through 2^52");
top = 9007199254740990;
for (let i = 0; i < 2000; i++) top += 1;
same(top, 9007199254740992, "stuck at 2^53");
top = -4503599627370490;
for (let i = 0; i < 2000; i++) top -= 3;
same(top, -4503599627376490, "through -2^52");
let zero = 4294967296;
for (let i = 0; i < 3000; i++) { zero = zero - 4294967296; same(zero, 0, "no -0 by subtraction"); zero = zero + 4294967296; }
same((4294967296 - 4294967296) * -1, -0, "-0 by multiplication");
const wide = new Float64Array(64);
for (let i = 0; i < 64; i++) wide[i] = 2147483648 * i + i;
let sum = 0;
for (let r = 0; r < 200; r++) for (let i = 0; i < 64; i++) sum += wide[i] - 2147483648 * i;
same(sum, 403200, "differences of wide values");
function bits(v) { let n = 0; while (v >= 1) { n += v % 2; v = Math.floor(v / 2); } return n; }
for (let i = 0; i < 30; i++) same(bits(2 ** (i + 22) - 1), i + 22, "bit count");
same(4503599627370495.5 + 4503599627370495.5, 9007199254740991, "halves below 2^53");
same(9007199254740991 * 2, 18014398509481982, "doubling 2^53-1");
same(134217728 * 67108864, 9007199254740992, "product is 2^53");
same(134217727 * 134217727, 18014398241046528, "square rounds");
