"""Any two changes of one registration at the same moment."""
