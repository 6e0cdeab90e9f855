/dev/fd/3: line 202: ./partyline: No such file or directory
