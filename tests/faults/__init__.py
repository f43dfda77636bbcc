"""What must hold whatever people, retries, crashes and the clock do.

`make faults` runs all of it at full size; the suite runs the same tests with small counts.
"""
