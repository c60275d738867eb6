"""Assessment rules: values in, values out; no clock, no chance, no I/O, standard library only."""
