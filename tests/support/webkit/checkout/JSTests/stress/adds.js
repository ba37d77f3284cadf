if (1 + 1 !== 2)
    throw new Error("1 + 1 is " + (1 + 1));
