// about: queues and stacks move elements inside their storage and keep spare room in front and behind.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const queue = [], model = [];
let head = 0, seed = 1;
const random = n => { seed = (Math.imul(seed, 1103515245) + 12345) >>> 0; return (seed >>> 16) % n; };
for (let i = 0; i < 8000; i++) {
    const what = random(6);
    if (what < 3) { queue.push(i); model.push(i); }
    else if (what === 3) { const x = queue.shift(), y = head < model.length ? model[head++] : undefined; same(x, y, "shift"); }
    else if (what === 4 && head > 0) { queue.unshift(-i); model[--head] = -i; }
    else if (model.length > head) same(queue.pop(), model.pop(), "pop");
    if (queue.length !== model.length - head) throw new Error(`length at ${i}: expected ${model.length - head}, got ${queue.length}`);
}
same(queue.join(), model.slice(head).join(), "what is left");
for (const kind of [i => i, i => i + 0.5, i => "s" + i, i => (i & 1 ? i : { i })]) {
    const a = [];
    for (let i = 0; i < 500; i++) a.push(kind(i));
    for (let i = 0; i < 250; i++) a.shift();
    same(a.length, 250, "half shifted");
    same(String(a[0] && a[0].i !== undefined ? a[0].i : a[0]), String(kind(250).i ?? kind(250)), "first after shifts");
    for (let i = 0; i < 250; i++) a.unshift(i);
    same(a[0] + a[249], 249, "unshifted");
    same(a.length, 500, "length");
}
same([].pop(), undefined, "pop of nothing");
same([].shift(), undefined, "shift of nothing");
same([1].push(2, 3, 4), 4, "push of many");
same([1].unshift(2, 3, 4), 4, "unshift of many");
const holes = [, 1, , 2];
holes.shift();
same(0 in holes && !(1 in holes) && holes.length === 3, true, "shift moves holes");
holes.unshift("a", "b");
same([2, 3, 4].map(i => i in holes).join(), "true,false,true", "unshift moves holes");
const like = { length: 2, 0: "x", 1: "y" };
same(Array.prototype.push.call(like, "z"), 3, "push on an array-like");
same(Array.prototype.shift.call(like) + like.length + like[0], "x2y", "shift on an array-like");
const far = { length: 2 ** 53 - 2 };
same(Array.prototype.push.call(far, "last"), 2 ** 53 - 1, "push up to 2^53 - 1");
let e;
try { Array.prototype.push.call(far, "x"); } catch (x) { e = x; }
same(e instanceof TypeError, true, "push beyond 2^53 - 1");
const full = [];
full[4294967294] = 1;
e = null;
try { full.push("x", "y"); } catch (x) { e = x; }
same(e instanceof RangeError, true, "push beyond 2^32 - 1");
same(full[4294967295], "x", "the property is stored all the same");
const own = Object.defineProperty([1, 2], 2, { value: "fixed" });
same(own.length, 3, "defineProperty made it longer");
own.push(5);
same(own.join(), "1,2,fixed,5", "push after a fixed element");
