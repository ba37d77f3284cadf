// about: a spigot for pi grows BigInts through all digit counts; its answer is known.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function pi(count) {
    let q = 1n, r = 0n, t = 1n, k = 1n, n = 3n, l = 3n, out = "";
    while (out.length < count) {
        if (4n * q + r - t < n * t) {
            out += n;
            const next = 10n * (r - n * t);
            n = 10n * (3n * q + r) / t - 10n * n;
            q *= 10n;
            r = next;
        } else {
            const next = (2n * q + r) * l;
            n = (q * (7n * k) + 2n + r * l) / (t * l);
            q *= k;
            t *= l;
            l += 2n;
            k++;
            r = next;
        }
    }
    return out;
}
same(pi(120), "314159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798214808651328230664", "pi");
// e by its series, in fixed point
const scale = 10n ** 120n;
let e = 0n, term = scale;
for (let i = 1n; term; i++) { e += term; term /= i; }
same(String(e).slice(0, 100), "2718281828459045235360287471352662497757247093699959574966967627724076630353547594571382178525166427", "e");
// square root of 2 by Newton
let x = 10n ** 60n;
const two = 2n * 10n ** 120n;
for (let i = 0; i < 210; i++) { const y = (x + two / x) >> 1n; if (y === x) break; x = y; }
same(String(x), "1414213562373095048801688724209698078569671875376948073176679", "sqrt(2)");
