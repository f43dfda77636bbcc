"""Measures on the database that DATABASE_URL names, which has to be new and empty."""

import argparse
import os

import django


def main() -> None:
    """Run once: `python -m bench.run`."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="at least 1; the median counts")
    parser.add_argument("--seconds", type=float, default=0.4, help="for one operation in a round")
    parser.add_argument("--pairs", type=int, default=200, help="of refusals that are compared")
    parser.add_argument("--part", choices=("officials", "staff"), default="officials")
    parser.add_argument("--asked", type=int, default=30, help="times that staff ask for a page")
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    django.setup()

    if chosen.part == "staff":
        from bench.staff import measure as measure_staff

        for line in measure_staff(chosen.asked, os.environ["DATABASE_URL"]):
            print(line, flush=True)
        return

    from bench.measure import measure

    print(measure(chosen.rounds, chosen.seconds, chosen.pairs), flush=True)


if __name__ == "__main__":
    main()
