"""`make bench`: a table and build/bench.json, each row a ratio to a reference measured in the same run."""
