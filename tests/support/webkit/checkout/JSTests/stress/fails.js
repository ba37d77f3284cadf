throw new Error("planted: the sum is wrong");
