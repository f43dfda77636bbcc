"""The demonstration: invented organizations and people, and the years of the two guides.

All data are invented: TINs start with 00, phones are (202) 555-01xx, mail is at example.org.
"""
