"""What pages of the console cost on the demo exchange of six months: time, bytes, calls and read units of the store.

    python -m benchmarks.console_pages [rounds] [part of a path]

A person with all duties of each kind of organisation opens every page of the table, and up to three of each page
with an id, which are those that links lead to; forms that only look are sent as they stand. Requests go to the local
server's gateway without a socket, one at a time, after one that is not counted. `cpu` is that of the whole process,
with the emulated store, `own` that of the page's thread alone; `ms` is the time until the answer. On AWS a call takes
some 3 ms where it takes the emulation 5 to 10.
"""
