"""Print the tables of exact results that the stress programs carry.

    python3 tables.py NAME      one of the names that `python3 tables.py` lists

The numbers come from exact rational arithmetic (fractions, decimal) or from mpmath at 300 bits, never from this
machine's floating point unit, so that they hold on every architecture. Rows are printed as JavaScript array literals;
doubles are written by their shortest decimal form, which reads back to the same double.
"""

from __future__ import annotations

import math
import random
import struct
import sys
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

Row = tuple[object, ...]


def from_bits(bits: int) -> float:
    return float(struct.unpack(">d", struct.pack(">Q", bits))[0])


def to_bits(value: float) -> int:
    return int(struct.unpack(">Q", struct.pack(">d", value))[0])


def nearest(exact: Fraction, digits: int = 53, lowest: int = -1074) -> Fraction:
    """Round half to even to `digits` significant bits, none of them below 2**lowest."""
    if exact == 0:
        return exact
    size = abs(exact)
    exponent = size.numerator.bit_length() - size.denominator.bit_length()
    if Fraction(2) ** exponent > size:
        exponent -= 1
    unit = Fraction(2) ** max(exponent - digits + 1, lowest)
    scaled = size / unit
    whole = scaled.numerator // scaled.denominator
    rest = scaled - whole
    if rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole & 1):
        whole += 1
    return whole * unit * (1 if exact > 0 else -1)


def literal(value: object) -> str:
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        if value == int(value) and abs(value) < 2**53:
            return "-0" if value == 0 and math.copysign(1, value) < 0 else str(int(value))
        return repr(value)
    if isinstance(value, str):
        return '"' + value + '"'
    return str(value)


def random_double(rng: random.Random, low: int, high: int) -> float:
    """A double with all 53 bits random and an exponent from low to high."""
    return math.ldexp(rng.getrandbits(52) | 1 << 52, rng.randint(low, high) - 52) * rng.choice((1, -1))


def extended() -> Iterator[Row]:
    """Operations whose result differs when rounded to 64 bits (x87) before 53: [operator, a, b, result]."""
    rng = random.Random(1980)
    operators: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
    }
    for name, operator in operators.items():
        found = 0
        while found < 12:
            a = random_double(rng, 0, 30)
            b = random_double(rng, -30, 10)
            exact = operator(Fraction(a), Fraction(b))
            right = nearest(exact)
            if nearest(nearest(exact, 64, -16445)) != right:
                found += 1
                yield name, a, b, float(right)
    found = 0
    while found < 8:  # products in the subnormal range: rounded twice even where the precision is set to 53 bits
        a = random_double(rng, -520, -510)
        b = random_double(rng, -540, -520)
        exact = Fraction(a) * Fraction(b)
        right = nearest(exact)
        if right and nearest(nearest(exact, 53, -16445)) != right:
            found += 1
            yield "*", a, b, float(right)


def fused() -> Iterator[Row]:
    """[a, b, c, a * b + c] rounded after each step, where a fused multiply-add gives something else."""
    rng = random.Random(754)
    for _ in range(24):
        a, b = random_double(rng, -4, 4), random_double(rng, -4, 4)
        product = nearest(Fraction(a) * Fraction(b))
        c = -float(product)
        if rng.random() < 0.5:
            c += random_double(rng, -40, -20)
        yield a, b, c, float(nearest(product + Fraction(c)))


def sqrt() -> Iterator[Row]:
    """[x, correctly rounded square root]."""
    rng = random.Random(2)
    inputs = [2.0, 3.0, 0.5, 1e-310, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308, 0.1, 1e300, 2.0**53 - 1]
    inputs += [abs(random_double(rng, -1000, 1000)) for _ in range(30)]
    for x in inputs:
        n, d = Fraction(x).numerator, Fraction(x).denominator
        k = 2400
        root = math.isqrt((n << k) // d)
        exact = Fraction(root * root << 0, 1) == Fraction(n << k, d)
        value = Fraction(root, 1 << k // 2) + (0 if exact else Fraction(1, 1 << k // 2 + 8))
        yield x, float(nearest(value))


def modulo() -> Iterator[Row]:
    """[a, b, a % b]: exact by definition, with the sign of a."""
    rng = random.Random(5)
    for _ in range(36):
        a = random_double(rng, -60, 500 if rng.random() < 0.3 else 60)
        b = random_double(rng, -60, 60)
        rest = Fraction(a) - math.trunc(Fraction(a) / Fraction(b)) * Fraction(b)
        yield a, b, float(rest) if rest else math.copysign(0.0, a)


def single() -> Iterator[Row]:
    """[x, x rounded to single precision, its 32 bits]."""
    rng = random.Random(32)
    inputs = [
        0.1,
        1 / 3,
        16777217.0,
        16777219.0,
        3.4028235677973366e38,
        3.4028235677973362e38,
        1.401298464324817e-45,
        7.006492321624085e-46,
        7.006492321624086e-46,
        2.1019476964872256e-45,
        1.1754943508222875e-38,
        1.1754942807573643e-38,
        5e-324,
        1.7976931348623157e308,
    ]
    inputs += [random_double(rng, -150, 130) for _ in range(30)]
    # exactly half way between two neighbours, and one double to either side
    for _ in range(6):
        half = math.ldexp((rng.getrandbits(23) | 1 << 23) * 2 + 1, rng.randint(-100, 100))
        inputs += [half, math.nextafter(half, math.inf), math.nextafter(half, 0)]
    for x in inputs:
        exact = nearest(Fraction(x), 24, -149)
        if abs(exact) >= 2**128:
            value = math.copysign(math.inf, x)
        else:
            value = float(exact) if exact else math.copysign(0.0, x)
        yield x, value, "0x" + struct.pack(">f", value).hex()


def half() -> Iterator[Row]:
    """[x, x rounded to half precision, its 16 bits]."""
    rng = random.Random(16)
    inputs = [
        0.1,
        1 / 3,
        2049.0,
        2051.0,
        65504.0,
        65519.99,
        65520.0,
        5.960464477539063e-8,
        2.9802322387695312e-8,
        2.980232238769532e-8,
        8.940696716308594e-8,
        6.103515625e-5,
        6.097555160522461e-5,
        1e-300,
    ]
    inputs += [random_double(rng, -26, 17) for _ in range(30)]
    for x in inputs:
        exact = nearest(Fraction(x), 11, -24)
        finite = float(exact) if exact else math.copysign(0.0, x)
        value = finite if abs(exact) < 65536 else math.copysign(math.inf, x)
        yield x, value, "0x" + struct.pack(">e", value).hex()


def parse() -> Iterator[Row]:
    """[decimal text, high 32 bits, low 32 bits of the nearest double]."""
    rng = random.Random(10)
    texts = [
        "9007199254740993",
        "9007199254740992.999999999999999999999999999",
        "9007199254740993.00000000000000000000001",
        "2.2250738585072011e-308",
        "2.2250738585072012e-308",
        "4.9406564584124654e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "0.1",
        "1e23",
        "8.41e21",
        "5e-324",
        "123456789012345678901234567890",
        "0.000000000000000000000000000000000000000000000000000000000001",
        "6.631236846766476e-316",
        "3.237883913302901e-319",
        "179769313486231580793728971405301e276",
    ]
    for _ in range(24):
        low = from_bits(rng.getrandbits(62) & 0x7FDFFFFFFFFFFFFF)
        middle = (Fraction(low) + Fraction(math.nextafter(low, math.inf))) / 2
        with localcontext() as context:
            context.prec = 1200
            exact = Decimal(middle.numerator) / Decimal(middle.denominator)
            context.prec = rng.choice((17, 19, 25, 40))
            texts.append(f"{+exact:e}")
    for text in texts:
        value = nearest(Fraction(text))
        bits = to_bits(float(value)) if value < 2**1024 else 0x7FF0000000000000
        yield text, f"0x{bits >> 32:08x}", f"0x{bits & 0xFFFFFFFF:08x}"


def javascript_text(value: float) -> str:
    """Number::toString of ECMA-262, from the shortest digits (which repr gives exactly)."""
    sign = "-" if value < 0 else ""
    mantissa, _, exponent_text = f"{Decimal(repr(abs(value))).normalize():e}".partition("e")
    digits = mantissa.replace(".", "")
    n, k = int(exponent_text) + 1, len(digits)
    if k <= n <= 21:
        return sign + digits + "0" * (n - k)
    if 0 < n <= 21:
        return sign + digits[:n] + "." + digits[n:]
    if -6 < n <= 0:
        return sign + "0." + "0" * -n + digits
    point = "." + digits[1:] if k > 1 else ""
    return f"{sign}{digits[0]}{point}e{'+' if n > 0 else '-'}{abs(n - 1)}"


def show() -> Iterator[Row]:
    """[high 32 bits, low 32 bits, String(double)]."""
    rng = random.Random(17)
    values = [
        5e-324,
        2.2250738585072014e-308,
        2.225073858507201e-308,
        1.7976931348623157e308,
        0.1,
        0.3,
        1e21,
        1e20,
        999999999999999900000.0,
        123456789012345680000.0,
        1e-6,
        1e-7,
        1.5e-7,
        4.35,
        2.0**53,
        2.0**63,
        2.0**64,
        -(2.0**31),
        9.5367431640625e-7,
        5e-7,
        1.2345e25,
        8.5e-5,
        0.000001234,
    ]
    values += [from_bits(rng.getrandbits(64) & 0xFFEFFFFFFFFFFFFF) for _ in range(30)]
    values += [random_double(rng, -30, 75) for _ in range(20)]
    for value in values:
        bits = to_bits(value)
        yield f"0x{bits >> 32:08x}", f"0x{bits & 0xFFFFFFFF:08x}", javascript_text(value)


def fixed() -> Iterator[Row]:
    """[x, digits, x.toFixed(digits), x.toExponential(digits), x.toPrecision(digits + 1)]; ties go away from zero."""
    rng = random.Random(3)
    inputs = [
        (1.005, 2),
        (1.45, 1),
        (8.345, 2),
        (0.5, 0),
        (1.5, 0),
        (2.5, 0),
        (1.255, 2),
        (123.456, 0),
        (0.000001, 7),
        (1e20, 2),
        (123456789.125, 2),
        (0.1, 20),
        (1 / 3, 17),
        (99.995, 2),
        (999999999999.5, 0),
        (4.35, 1),
    ]
    inputs += [(random_double(rng, -20, 66), rng.randint(0, 20)) for _ in range(24)]
    for x, digits in inputs:
        with localcontext() as context:
            context.prec, context.rounding = 400, ROUND_HALF_UP
            size = abs(Decimal(x))
            sign = "-" if x < 0 else ""
            plain = sign + f"{size.quantize(Decimal(1).scaleb(-digits)):f}"
            context.prec = digits + 1
            power = +size
            mantissa, _, exponent = f"{power:.{digits}e}".partition("e")
            scientific = f"{sign}{mantissa}e{'-' if exponent[0] == '-' else '+'}{abs(int(exponent))}"
            e = int(exponent)
            precise = (
                scientific if e < -6 or e > digits else sign + f"{power.quantize(Decimal(1).scaleb(e - digits)):f}"
            )
        yield x, digits, plain, scientific, precise


def transcendental(name: str, inputs: list[float]) -> Iterator[Row]:
    """[x, nearest double of name(x)]."""
    import mpmath  # the only table that needs more than the standard library

    function = {"log1p": lambda x: mpmath.log(1 + x)}.get(name) or getattr(mpmath, name)
    with mpmath.workprec(2400):
        for x in inputs:
            value = function(mpmath.mpf(x))
            exact = Fraction(int(value.man), 1) * Fraction(2) ** int(value.exp)
            yield x, float(nearest(-exact if value < 0 < exact else exact))


def spread(seed: int, low: int, high: int, count: int, positive: bool = False) -> list[float]:
    rng = random.Random(seed)
    values = [random_double(rng, low, high) for _ in range(count)]
    return [abs(x) for x in values] if positive else values


def power() -> Iterator[Row]:
    """[x, y, nearest double of x ** y]."""
    import mpmath

    rng = random.Random(9)
    with mpmath.workprec(2400):
        for _ in range(30):
            x, y = abs(random_double(rng, -8, 8)), random_double(rng, -5, 5)
            value = mpmath.power(mpmath.mpf(x), mpmath.mpf(y))
            yield x, y, float(nearest(Fraction(int(value.man)) * Fraction(2) ** int(value.exp)))


TABLES: dict[str, Callable[[], Iterator[Row]]] = {
    "extended": extended,
    "fused": fused,
    "sqrt": sqrt,
    "modulo": modulo,
    "single": single,
    "half": half,
    "parse": parse,
    "show": show,
    "fixed": fixed,
    "power": power,
    "sin": lambda: transcendental("sin", [0.5, 1.0, 3.0, 3.141592653589793, 1e6, 1e22, 1e-8, *spread(1, -10, 30, 14)]),
    "cos": lambda: transcendental("cos", [0.5, 1.0, 3.0, 1.5707963267948966, 1e6, 1e22, 1e-8, *spread(2, -10, 30, 14)]),
    "tan": lambda: transcendental("tan", [0.5, 1.0, 3.0, 1.5707963267948966, 1e6, 1e22, 1e-8, *spread(3, -10, 30, 14)]),
    "asin": lambda: transcendental("asin", [0.5, -1.0, 1.0, 1e-9, *spread(4, -8, -1, 12)]),
    "acos": lambda: transcendental("acos", [0.5, -1.0, 0.9999999999999999, 1e-9, *spread(5, -8, -1, 12)]),
    "atan": lambda: transcendental("atan", [1.0, -1.0, 1e300, 1e-300, *spread(6, -8, 20, 12)]),
    "exp": lambda: transcendental(
        "exp", [1.0, -1.0, 709.782712893384, -745.1332191019411, -740.5, 1e-10, *spread(7, -6, 8, 14)]
    ),
    "expm1": lambda: transcendental("expm1", [1.0, -1.0, 1e-300, -1e-10, 700.5, *spread(8, -30, 5, 14)]),
    "log": lambda: transcendental(
        "log",
        [
            2.0,
            10.0,
            5e-324,
            1.7976931348623157e308,
            1.0000000000000002,
            0.9999999999999999,
            *spread(9, -300, 300, 14, True),
        ],
    ),
    "log1p": lambda: transcendental(
        "log1p", [1.0, -0.5, 1e-300, -1e-10, 1e300, *[abs(x) for x in spread(10, -30, 30, 12)]]
    ),
    "sinh": lambda: transcendental("sinh", [1.0, -1.0, 1e-9, 710.0, *spread(11, -10, 8, 12)]),
    "cosh": lambda: transcendental("cosh", [1.0, -1.0, 1e-9, 710.0, *spread(12, -10, 8, 12)]),
    "tanh": lambda: transcendental("tanh", [1.0, -1.0, 1e-9, 18.5, *spread(13, -10, 4, 12)]),
    "cbrt": lambda: transcendental("cbrt", [8.0, 2.0, 27.0, 1e-320, 1e300, *spread(14, -300, 300, 12, True)]),
}


def main() -> None:
    if len(sys.argv) != 2 or sys.argv[1] not in TABLES:
        raise SystemExit("usage: tables.py " + " | ".join(TABLES))
    for row in TABLES[sys.argv[1]]():
        print(
            "    [" + ", ".join(literal(cell) if not str(cell).startswith("0x") else str(cell) for cell in row) + "],"
        )


if __name__ == "__main__":
    main()
