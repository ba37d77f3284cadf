print("this time it is fine");
