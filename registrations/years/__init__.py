"""Performance years: adding one, moving its windows, and its dates as pages tell them."""
