print("NO-RESULT");
