print("one");
