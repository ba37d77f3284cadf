// about: carries and borrows across digits, which are 32 bits wide on some machines and 64 on others; every border of both.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function add(a, b) { return a + b; }
function sub(a, b) { return a - b; }
for (let e = 1; e <= 200; e++) {
    const p = 1n << BigInt(e);
    same(add(p - 1n, 1n), p, `2^${e} - 1 + 1`);
    same(sub(p, 1n) + 1n, p, `2^${e} - 1`);
    same(sub(-p, -1n), -(p - 1n), `-2^${e} + 1`);
    same(add(p, -p), 0n, "cancels to zero");
    same(sub(p - 1n, p), -1n, "one less");
    same(add(p, p), 1n << BigInt(e + 1), "doubles");
    same(add(-p, p - 1n), -1n, "sign of the difference");
    same((p - 1n).toString(2), "1".repeat(e), "all ones");
    same((-p).toString(2), "-1" + "0".repeat(e), "negative power");
}
let up = 0n;
for (let i = 0; i < 3000; i++) up = add(up, 0xFFFFFFFFn);
same(up, 12884901885000n, "sum of 2^32 - 1");
let down = 1n << 128n;
for (let i = 0; i < 1000; i++) down = sub(down, (1n << 64n) - 1n);
same(down, (1n << 128n) - 1000n * (1n << 64n) + 1000n, "borrows");
let a = 0n, b = 1n;
for (let i = 0; i < 1000; i++) [a, b] = [b, a + b];
same(a, 43466557686937456435688527675040625802564660517371780402481729089536555417949051890403879840079255169295922593080322634775209689623239873322471161642996440906533187938298969649928516003704476137795166849228875n, "fib(1000)");
for (const [x, y, sum, difference] of [[0n, 0n, 0n, 0n], [5n, -3n, 2n, 8n], [-5n, 3n, -2n, -8n], [-5n, -3n, -8n, -2n],
    [18446744073709551615n, 1n, 18446744073709551616n, 18446744073709551614n], [-18446744073709551616n, 1n, -18446744073709551615n, -18446744073709551617n],
    [4294967295n, 4294967297n, 8589934592n, -2n], [9007199254740993n, -9007199254740992n, 1n, 18014398509481985n]])
    for (let i = 0; i < 50; i++) {
        same(add(x, y), sum, `${x} + ${y}`);
        same(sub(x, y), difference, `${x} - ${y}`);
        same(sub(x, -y), sum, `${x} - -${y}`);
        same(-sub(y, x), difference, `-(${y} - ${x})`);
    }
same(1 / Number(sub(5n, 5n)), Infinity, "there is no -0n");
same(Object.is(-0n, 0n), true, "-0n is 0n");
