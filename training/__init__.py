"""Fitting the weights of the language pack on coded reports; not a part of the installed program."""
