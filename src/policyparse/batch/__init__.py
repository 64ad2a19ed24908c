"""Many notices: which files, who reads them, what is done already, and what comes out.

`sources` finds the files, an engine (`pool` on this machine, `cluster` on many) lets workers do the `work`, the `store`
keeps every result durably, and the sinks of `writers` make the output from it in order; `run` puts them together.
"""
