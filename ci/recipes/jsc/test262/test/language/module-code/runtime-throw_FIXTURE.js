throw new RangeError("from the imported module");
