// about: only +, -, *, / and sqrt, all exactly rounded: the energy has one right value to the last bit, on every machine.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const PI = 3.141592653589793, MASS = 4 * PI * PI, DAYS = 365.24;
const start = [
    [0, 0, 0, 0, 0, 0, MASS],
    [4.84143144246472090, -1.16032004402742839, -0.103622044471123109, 0.00166007664274403694 * DAYS, 0.00769901118419740425 * DAYS, -0.0000690460016972063023 * DAYS, 0.000954791938424326609 * MASS],
    [8.34336671824457987, 4.12479856412430479, -0.403523417114321381, -0.00276742510726411145 * DAYS, 0.00499852801234917238 * DAYS, 0.0000230417297573763929 * DAYS, 0.000285885980666130812 * MASS],
    [12.8943695621391310, -15.1111514016986312, -0.223307578892655734, 0.00296460137564761618 * DAYS, 0.00237847173959480950 * DAYS, -0.0000296589568540237556 * DAYS, 0.0000436624404335156298 * MASS],
    [15.3796971148509165, -25.9193146099879641, 0.179258772950371181, 0.00268067772490389322 * DAYS, 0.00162824170038242295 * DAYS, -0.0000951592254519715870 * DAYS, 0.0000515138902046611451 * MASS],
];
function bodiesAsObjects() { return start.map(([x, y, z, vx, vy, vz, m]) => ({ x, y, z, vx, vy, vz, m })); }
function offset(b) { let px = 0, py = 0, pz = 0; for (const o of b) { px += o.vx * o.m; py += o.vy * o.m; pz += o.vz * o.m; } b[0].vx = -px / MASS; b[0].vy = -py / MASS; b[0].vz = -pz / MASS; return b; }
function advance(b, dt) {
    for (let i = 0; i < b.length; i++) for (let j = i + 1; j < b.length; j++) {
        const p = b[i], q = b[j], dx = p.x - q.x, dy = p.y - q.y, dz = p.z - q.z, d2 = dx * dx + dy * dy + dz * dz, mag = dt / (d2 * Math.sqrt(d2));
        p.vx -= dx * q.m * mag; p.vy -= dy * q.m * mag; p.vz -= dz * q.m * mag;
        q.vx += dx * p.m * mag; q.vy += dy * p.m * mag; q.vz += dz * p.m * mag;
    }
    for (const o of b) { o.x += dt * o.vx; o.y += dt * o.vy; o.z += dt * o.vz; }
}
function energy(b) { let e = 0; for (let i = 0; i < b.length; i++) { const p = b[i]; e += 0.5 * p.m * (p.vx * p.vx + p.vy * p.vy + p.vz * p.vz); for (let j = i + 1; j < b.length; j++) { const q = b[j], dx = p.x - q.x, dy = p.y - q.y, dz = p.z - q.z; e -= p.m * q.m / Math.sqrt(dx * dx + dy * dy + dz * dz); } } return e; }
const b = offset(bodiesAsObjects());
same(energy(b).toFixed(9), "-0.169075164", "energy at the start, as everybody prints it");
for (let i = 0; i < 1000; i++) advance(b, 0.01);
same(energy(b).toFixed(9), "-0.169087605", "and after a thousand steps");
same(energy(b), -0.16908760523462465, "to the last bit");
same(b.map(o => o.x).join(), "0.007413152921792057,1.4231801065874552,-8.74602929052097,19.782162596587884,23.83269453660419", "places to the last bit");
// the same on one Float64Array
const f = new Float64Array(35);
offset(bodiesAsObjects()).forEach((o, i) => f.set([o.x, o.y, o.z, o.vx, o.vy, o.vz, o.m], i * 7));
for (let s = 0; s < 1000; s++) {
    for (let i = 0; i < 35; i += 7) for (let j = i + 7; j < 35; j += 7) {
        const dx = f[i] - f[j], dy = f[i + 1] - f[j + 1], dz = f[i + 2] - f[j + 2], d2 = dx * dx + dy * dy + dz * dz, mag = 0.01 / (d2 * Math.sqrt(d2)), mi = f[i + 6], mj = f[j + 6];
        f[i + 3] -= dx * mj * mag; f[i + 4] -= dy * mj * mag; f[i + 5] -= dz * mj * mag;
        f[j + 3] += dx * mi * mag; f[j + 4] += dy * mi * mag; f[j + 5] += dz * mi * mag;
    }
    for (let i = 0; i < 35; i += 7) { f[i] += 0.01 * f[i + 3]; f[i + 1] += 0.01 * f[i + 4]; f[i + 2] += 0.01 * f[i + 5]; }
}
for (let i = 0; i < 5; i++) same(f[7 * i], b[i].x, "typed array and objects agree");
